import { Inject, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { CONFIG, type HonuaConfig } from '../config/index.js';
import { publicUrl } from './public-url.js';

type Trusts = (address: string | undefined, hop: number) => boolean;

/**
 * The public root of this service, as the caller of a request reaches it: by configuration, or by what a trusted proxy
 * says in X-Forwarded-Proto, -Host and -Prefix, or by the Host header.
 */
@Injectable()
export class BaseUrl {
  constructor(@Inject(CONFIG) private readonly config: HonuaConfig) {}

  of(request: Request): string {
    const { protocol, host, app, socket } = request;
    const trusts = app.get('trust proxy fn') as Trusts;
    const prefix = trusts(socket.remoteAddress, 0) ? request.get('x-forwarded-prefix') : undefined;
    return publicUrl(this.config.server.publicUrl, { protocol, host, prefix });
  }

  /** The URL of the request itself, with its query. */
  self(request: Request): string {
    return this.of(request) + request.originalUrl;
  }
}
