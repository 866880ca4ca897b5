import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { ArtifactStore } from '../../artifacts/index.js';
import { CONFIG, type HonuaConfig } from '../../config/index.js';
import type { FetchedReference, Reference } from '../../execution/index.js';
import { OutboundError, OutboundHttp } from '../../outbound-http/index.js';
import { AppError, invalidInput } from '../../shared/app-error.js';
import { referenceError } from './reference-error.js';

/** Of one request. */
const MOST_REFERENCES = 32;
/** Requests that are fetching at once: each holds connections and time. */
const AT_ONCE = 32;
const OCTETS = 'application/octet-stream';

/** Gets the values that a request names into the artifact store, where they stay as long as its run's input does. */
@Injectable()
export class ReferenceFetcher {
  private fetching = 0;

  constructor(
    @Inject(CONFIG) private readonly config: HonuaConfig,
    private readonly store: ArtifactStore,
    private readonly http: OutboundHttp,
  ) {}

  /** All of them, or AppError `reference-…` and nothing is left. Each URL is asked once. */
  async fetch(wanted: Reference[], signal?: AbortSignal): Promise<FetchedReference[]> {
    const each = [...new Map(wanted.map((reference) => [reference.href, reference])).values()];
    if (each.length > MOST_REFERENCES)
      throw invalidInput(`A request may name at most ${MOST_REFERENCES} values.`);
    if (this.fetching >= AT_ONCE)
      throw new AppError('unavailable', 'references-busy', 'Too many values are being fetched just now.');
    const failed = new AbortController();
    const folder = `inputs/${randomUUID()}`;
    this.fetching++;
    try {
      const ended = AbortSignal.any([failed.signal, ...(signal ? [signal] : [])]);
      const all = each.map((reference, index) =>
        this.one(reference, `${folder}/${index}`, ended).catch((error: unknown) => {
          failed.abort(error); // the first to fail is why the others do
          throw failed.signal.reason;
        }),
      );
      await Promise.allSettled(all); // nobody writes any more
      return await Promise.all(all);
    } catch (error) {
      await this.forgetFolder(folder);
      if (signal?.aborted) throw new AppError('rejected', 'caller-gone', 'The caller hung up.');
      throw error;
    } finally {
      this.fetching--;
    }
  }

  /** Deletes what no run took over. */
  async forget(references: FetchedReference[] | undefined): Promise<void> {
    const [first] = references ?? [];
    if (first) await this.forgetFolder(first.key.slice(0, first.key.lastIndexOf('/')));
  }

  private async forgetFolder(folder: string): Promise<void> {
    await this.store.deletePrefix(folder).catch(() => {}); // nobody points there
  }

  private async one(reference: Reference, key: string, signal: AbortSignal): Promise<FetchedReference> {
    const { maxArtifactSizeBytes } = this.config.limits;
    // What a thread cannot parse need not be fetched.
    const maxBytes = Math.min(maxArtifactSizeBytes, this.config.workers.heapMemory);
    try {
      const { status, headers, body } = await this.http.call(reference.href, {
        method: 'GET',
        headers: { accept: reference.mediaType ?? '*/*' },
        maxBytes,
        timeoutMs: this.config.outbound.fetchTimeout,
        signal,
      });
      if (status !== 200) {
        body.on('error', () => {}).destroy();
        throw new OutboundError('unreachable', `It answered with status ${status}.`);
      }
      const { size, sha256 } = await this.store.put(key, body, maxBytes);
      const mediaType = reference.mediaType ?? headers['content-type'] ?? OCTETS;
      return { href: reference.href, mediaType, key, size, sha256 };
    } catch (error) {
      throw error instanceof OutboundError ? referenceError(reference, error) : error;
    }
  }
}
