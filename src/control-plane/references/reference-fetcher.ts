import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { ArtifactStore, Uploads } from '../../artifacts/index.js';
import { CONFIG, type HonuaConfig } from '../../config/index.js';
import type { FetchedReference, Reference } from '../../execution/index.js';
import { OutboundError, OutboundHttp } from '../../outbound-http/index.js';
import { AppError, invalidInput } from '../../shared/app-error.js';
import { readLayerHref } from '../../shared/layer-reference.js';
import { LayerReferences } from './layer-references.js';
import { referenceError } from './reference-error.js';

/** Of one request. */
const MOST_REFERENCES = 32;
/** Requests that are fetching at once: each holds connections and time. */
const AT_ONCE = 32;
const OCTETS = 'application/octet-stream';

/** Whose request it is, and by which root of the service it came. */
export interface Asker {
  tenant: string;
  base?: string;
  /** Whether features that are in tables may be left there. */
  mayStay?: boolean;
  /** What requests that belong together have named already: it is fetched once, and each has a copy. */
  shared?: Map<string, Promise<FetchedReference>>;
  signal?: AbortSignal;
}

/** Gets the values that a request names into the artifact store, where they stay as long as its run's input does. */
@Injectable()
export class ReferenceFetcher {
  private fetching = 0;

  // oxlint-disable-next-line max-params -- what is injected, not what a caller must know
  constructor(
    @Inject(CONFIG) private readonly config: HonuaConfig,
    private readonly store: ArtifactStore,
    private readonly http: OutboundHttp,
    private readonly uploads: Uploads,
    private readonly layers: LayerReferences,
  ) {}

  /** All of them, or AppError `reference-…` and nothing is left. Each URL is asked once. */
  async fetch(wanted: Reference[], asker: Asker): Promise<FetchedReference[]> {
    const { signal } = asker;
    const each = [...new Map(wanted.map((reference) => [reference.href, reference])).values()].map((one) => ({
      ...one,
      isFeatures: wanted.every(({ href, isFeatures }) => href !== one.href || isFeatures === true),
      isFile: wanted.every(({ href, isFile }) => href !== one.href || isFile === true),
    }));
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
        this.once(reference, `${folder}/${index}`, { ...asker, signal: ended }).catch((error: unknown) => {
          failed.abort(error); // the first to fail is why the others do
          throw failed.signal.reason;
        }),
      );
      await Promise.allSettled(all); // nobody writes any more
      const fetched = await Promise.all(all);
      const isRead = new Map(each.map(({ href, isFile }) => [href, !isFile]));
      const size = fetched.reduce((sum, one) => sum + (isRead.get(one.href) ? one.size : 0), 0);
      if (size > this.maxBytes) throw referenceError(each[0]!, tooLarge(this.maxBytes));
      return fetched;
    } catch (error) {
      await this.forgetFolder(folder);
      if (signal?.aborted) throw new AppError('rejected', 'caller-gone', 'The caller hung up.');
      throw error;
    } finally {
      this.fetching--;
    }
  }

  private async once(
    reference: Reference,
    key: string,
    { shared, ...asker }: Asker,
  ): Promise<FetchedReference> {
    const { href, mediaType, isFeatures, isFile } = reference;
    const name = JSON.stringify([href, mediaType, isFeatures, isFile]);
    const known = shared?.get(name);
    if (!known) {
      const fetching = this.one(reference, key, asker);
      shared?.set(name, fetching);
      return fetching;
    }
    const first = await known;
    await this.store.copy(first.key, key);
    return { ...first, key };
  }

  /** Our own, and no call to anybody. */
  private async ofUpload(
    reference: Reference,
    key: string,
    { tenant, id }: { tenant: string; id: string },
  ): Promise<FetchedReference> {
    const upload = await this.uploads.get(tenant, id);
    const maxBytes = this.mostOf(reference);
    if (upload.size > maxBytes) throw referenceError(reference, tooLarge(maxBytes));
    await this.store.copy(upload.key, key);
    const { size, sha256 } = upload;
    return { href: reference.href, mediaType: reference.mediaType ?? upload.mediaType, key, size, sha256 };
  }

  private mostOf({ isFile }: Reference): number {
    return isFile ? this.config.limits.maxArtifactSizeBytes : this.maxBytes;
  }

  /** What a thread cannot parse need not be fetched. */
  private get maxBytes(): number {
    return Math.min(this.config.limits.maxArtifactSizeBytes, this.config.workers.heapMemory / 2);
  }

  /**
   * For a tier that does not reach into tables. `ending` keeps apart what several attempts read; without it the copy takes
   * the place of the description. Throws AppError.
   */
  readOut(references: FetchedReference[], tenant: string, ending = ''): Promise<FetchedReference[]> {
    return this.layers.readOut(references, { tenant, maxBytes: this.maxBytes, ending });
  }

  /** Deletes what no run took over. */
  async forget(references: FetchedReference[] | undefined): Promise<void> {
    const [first] = references ?? [];
    if (first) await this.forgetFolder(first.key.slice(0, first.key.lastIndexOf('/')));
  }

  private async forgetFolder(folder: string): Promise<void> {
    await this.store.deletePrefix(folder).catch(() => {}); // nobody points there
  }

  private async one(
    reference: Reference,
    key: string,
    { tenant, base, mayStay = false, signal }: Asker,
  ): Promise<FetchedReference> {
    const layer = readLayerHref(reference.href);
    if (layer) {
      const stays = mayStay && reference.isFeatures === true;
      return this.layers.take(reference, key, { tenant, layer, maxBytes: this.maxBytes, mayStay: stays });
    }
    const upload = uploadIn(reference.href, base);
    if (upload !== undefined)
      return this.ofUpload(reference, key, { tenant, id: upload }).catch(noSuchUpload(reference));
    const maxBytes = this.mostOf(reference);
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

const tooLarge = (maxBytes: number): OutboundError =>
  new OutboundError('too-large', `The values of a request have at most ${maxBytes} bytes.`);

/** The id of an upload that an href names, by the address that the service has for the caller, or by its path alone. */
function uploadIn(href: string, base: string | undefined): string | undefined {
  const path = base !== undefined && href.startsWith(`${base}/`) ? href.slice(base.length) : href;
  return /^\/uploads\/([0-9a-f-]{36})(?:\/content)?$/.exec(path)?.[1];
}

const noSuchUpload =
  ({ path }: Reference) =>
  (error: unknown): never => {
    if (!(error instanceof AppError) || error.kind !== 'not-found') throw error;
    throw new AppError('invalid-input', 'reference-unknown-upload', `${path}: ${error.message}`, {
      faults: [{ path, message: error.message }],
    });
  };
