import { Inject, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { CONFIG, type HonuaConfig } from '../../config/index.js';
import { publicUrl } from '../../execution-adapter/index.js';

/** The public root of this service, as the caller of a request reaches it. */
@Injectable()
export class BaseUrl {
  constructor(@Inject(CONFIG) private readonly config: HonuaConfig) {}

  of({ protocol, headers: { host } }: Request): string {
    return publicUrl(this.config.server.publicUrl, { protocol, host });
  }

  /** The URL of the request itself, with its query. */
  self(request: Request): string {
    return this.of(request) + request.originalUrl;
  }
}
