import { Inject, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { ArtifactStore } from '../../../artifacts/index.js';
import { CONFIG, type HonuaConfig } from '../../../config/index.js';
import type { RunInput } from '../../../execution/index.js';
import { discardBody, requireJsonBody, spoolBody } from '../../../execution-adapter/index.js';

/** Takes the bodies of execute requests in, unread. */
@Injectable()
export class ReceiveRequest {
  constructor(
    private readonly store: ArtifactStore,
    @Inject(CONFIG) private readonly config: HonuaConfig,
  ) {}

  /** Throws AppError `unsupported-media-type`, before a byte is read, and `too-large`. */
  async take(request: Request): Promise<RunInput> {
    const mediaType = requireJsonBody(request.headers);
    const { inlinePayloadBytes, maxInputSizeBytes } = this.config.limits;
    const limits = { inlineBytes: inlinePayloadBytes, maxBytes: maxInputSizeBytes };
    return { surface: 'ogc-processes', mediaType, payload: await spoolBody(request, limits, this.store) };
  }

  /** Forgets a body that no run took over. */
  async forget({ payload }: RunInput): Promise<void> {
    await discardBody(payload, this.store);
  }
}
