import { createHash, randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { ArtifactStore } from '../../artifacts/index.js';
import { CONFIG, type HonuaConfig } from '../../config/index.js';
import {
  ARRAY_WORK,
  type ArrayHead,
  type ArrayParameters,
  type Payload,
  type RunInput,
  ThreadWork,
  unframed,
} from '../../execution/index.js';

export interface SplitArray extends Omit<ArrayHead, 'entries'> {
  entries: { label?: string; body: Buffer<ArrayBuffer> }[];
}

/** Takes requests for arrays apart, in a thread, and keeps what becomes a request of its own. */
@Injectable()
export class ArraySplitter {
  constructor(
    @Inject(CONFIG) private readonly config: HonuaConfig,
    private readonly threads: ThreadWork,
    private readonly store: ArtifactStore,
  ) {}

  /** Throws AppError as the reading of a request does. */
  async split({ surface, mediaType, payload }: RunInput, signal?: AbortSignal): Promise<SplitArray> {
    const { limits } = this.config;
    const { head, rest } = unframed(
      await this.threads.do({
        work: ARRAY_WORK,
        source: payload,
        parameters: { surface, mediaType } satisfies ArrayParameters,
        maxBytes: limits.maxInputSizeBytes,
        timeoutMs: limits.maxInlineDuration,
        signal,
      }),
    );
    const { entries, ...about } = head as ArrayHead;
    let at = 0;
    return {
      ...about,
      entries: entries.map(({ size, ...entry }) => ({ ...entry, body: rest.subarray(at, (at += size)) })),
    };
  }

  /** The request of one entry, kept as that of any run is. */
  async keep(body: Buffer<ArrayBuffer>): Promise<Payload> {
    if (body.length > this.config.limits.inlinePayloadBytes) {
      const { key, size, sha256 } = await this.store.put(`inputs/${randomUUID()}/body.json`, body, Infinity);
      return { kind: 'artifact', key, size, sha256 };
    }
    const bytes = Uint8Array.from(body); // of its own: a thread takes it over
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return { kind: 'inline', bytes, size: bytes.length, sha256 };
  }

  async forget(payload: Payload): Promise<void> {
    if (payload.kind !== 'artifact') return;
    const folder = payload.key.slice(0, payload.key.lastIndexOf('/'));
    await this.store.deletePrefix(folder).catch(() => {}); // nobody points there
  }
}
