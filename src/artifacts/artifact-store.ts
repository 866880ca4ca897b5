import type { Readable } from 'node:stream';

export interface StoredArtifact {
  key: string;
  size: number;
  sha256: string;
}

export interface ByteRange {
  start: number;
  /** Inclusive. */
  end: number;
}

export interface DirectUrl {
  seconds: number;
  mediaType: string;
  /** Content-Disposition. */
  disposition: string;
}

/**
 * Large inputs, results and logs. Keys are relative, `/`-separated, of `[A-Za-z0-9._-]`; an attempt writes only below
 * its own prefix `runs/{runId}/{attempt}/`. What `put` returned is durable.
 */
export abstract class ArtifactStore {
  /** Refuses more than `maxBytes` with AppError `too-large`, leaving nothing behind. */
  abstract put(key: string, content: Readable | Uint8Array, maxBytes: number): Promise<StoredArtifact>;
  /** The same where there is nothing yet; of several at once one wins. Throws AppError `conflict`. */
  abstract putOnce(key: string, content: Readable | Uint8Array, maxBytes: number): Promise<StoredArtifact>;
  /** The same bytes under another key; deleting one leaves the other. Throws AppError `not-found`. */
  async copy(from: string, to: string): Promise<void> {
    await this.put(to, await this.open(from), Infinity);
  }
  /** Throws AppError `not-found`. */
  abstract open(key: string, range?: ByteRange): Promise<Readable>;
  abstract stat(key: string): Promise<{ size: number } | undefined>;
  /**
   * A file on this machine with the bytes, for what reads by path: to be opened soon, and neither written nor deleted. The
   * store sees to it that it goes away.
   */
  abstract localPath(key: string): Promise<string>;
  /** Where a worker outside of this process finds it: `file:///…`. There may be nothing yet. */
  abstract uriOf(key: string): string;
  /** Where a client itself can get the bytes for a while, without signing in; undefined: from this server alone. */
  async directUrl(_key: string, _as: DirectUrl): Promise<string | undefined> {
    return undefined;
  }
  /** The artifact of that key, and all below it. */
  abstract deletePrefix(prefix: string): Promise<void>;
  abstract health(): Promise<{ healthy: boolean; detail?: string }>;
  /** Lets go of what it holds in this process. */
  close(): void {}
}
