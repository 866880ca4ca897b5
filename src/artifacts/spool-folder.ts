import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AppError } from '../shared/app-error.js';

/** What an object is now. */
export interface SpoolObject {
  /** Another one if its bytes are others. */
  version: string;
  size: number;
}

export interface SpoolLimits {
  maxBytes: number;
  /** How long a file stays that was handed out: whoever asked for its path opens it within that. */
  holdMs: number;
}

const DRAFT = 'draft-';
const SWEEP_AT_LEAST_MS = 1_000;

/**
 * Copies of objects as files, for what reads by path. A copy is named by what it is a copy of, so it is never wrong and need
 * never be given back: it is deleted some time after it was last handed out, by whichever process has the folder. When
 * there is no room even so, nothing more is taken in.
 */
export class SpoolFolder {
  private readonly coming = new Map<string, Promise<string>>();
  private readonly sweeping: NodeJS.Timeout;

  constructor(
    private readonly folder: string,
    private readonly limits: SpoolLimits,
  ) {
    const every = Math.max(limits.holdMs / 2, SWEEP_AT_LEAST_MS);
    this.sweeping = setInterval(() => void this.sweep().catch(() => {}), every).unref();
  }

  /** The path of a copy; `read` is called where there is none yet. Throws AppError `unavailable` where there is no room. */
  pathOf({ version, size }: SpoolObject, read: () => Promise<Readable>): Promise<string> {
    const path = join(this.folder, createHash('sha256').update(version).digest('hex'));
    const coming = this.coming.get(path) ?? this.held(path, size, read);
    this.coming.set(path, coming);
    return coming;
  }

  close(): void {
    clearInterval(this.sweeping);
  }

  /** Deletes what was handed out long ago, and drafts of processes that are gone. Answers the bytes that stay. */
  async sweep(): Promise<number> {
    let total = 0;
    for (const name of await readdir(this.folder).catch(() => [])) {
      const path = join(this.folder, name);
      const found = await stat(path).catch(() => undefined);
      if (!found) continue;
      if (Date.now() - found.mtimeMs > this.limits.holdMs) await rm(path, { force: true });
      else total += found.size;
    }
    return total;
  }

  private async held(path: string, size: number, read: () => Promise<Readable>): Promise<string> {
    try {
      // Touched first: from then on nobody sweeps it.
      const now = new Date();
      const kept = await utimes(path, now, now).then(
        async () => (await stat(path)).size === size,
        () => false,
      );
      return kept ? path : await this.takeIn(path, size, read);
    } finally {
      this.coming.delete(path);
    }
  }

  private async takeIn(path: string, size: number, read: () => Promise<Readable>): Promise<string> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    if ((await this.sweep()) + size > this.limits.maxBytes)
      throw new AppError('unavailable', 'spool-full', 'There is no room for files of requests now.');
    const draft = join(this.folder, DRAFT + randomUUID());
    try {
      await pipeline(await read(), createWriteStream(draft, { flags: 'wx', mode: 0o600 }));
      await rename(draft, path);
      return path;
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
  }
}
