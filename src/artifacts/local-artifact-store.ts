import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { link, mkdir, open, rename, rm, stat, access, constants } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { AppError } from '../shared/app-error.js';
import { requireKey } from './artifact-key.js';
import { ArtifactStore, type ByteRange, type StoredArtifact } from './artifact-store.js';

/** Artifacts as files below one folder. A file appears under its key only when it is whole and flushed. */
export class LocalArtifactStore extends ArtifactStore {
  constructor(private readonly folder: string) {
    super();
  }

  async put(key: string, content: Readable | Uint8Array, maxBytes: number): Promise<StoredArtifact> {
    return this.place(key, content, { maxBytes, name: rename });
  }

  async putOnce(key: string, content: Readable | Uint8Array, maxBytes: number): Promise<StoredArtifact> {
    return this.place(key, content, { maxBytes, name: nameOnce });
  }

  /** Files are never written again once they have their name: two names for one are as good as two files. */
  override async copy(from: string, to: string): Promise<void> {
    const [source, target] = [await this.localPath(from), this.pathOf(to)];
    await mkdir(dirname(target), { recursive: true });
    await link(source, target);
    await flushFolder(dirname(target));
  }

  async open(key: string, range?: ByteRange): Promise<Readable> {
    const path = await this.localPath(key);
    return createReadStream(path, range);
  }

  async stat(key: string): Promise<{ size: number } | undefined> {
    const found = await stat(this.pathOf(key)).catch(() => undefined);
    return found?.isFile() ? { size: found.size } : undefined;
  }

  async localPath(key: string): Promise<string> {
    if (!(await this.stat(key)))
      throw new AppError('not-found', 'artifact-not-found', 'The artifact is not there any more.');
    return this.pathOf(key);
  }

  uriOf(key: string): string {
    const uri = pathToFileURL(resolve(this.pathOf(key))).href;
    return key.endsWith('/') && !uri.endsWith('/') ? `${uri}/` : uri;
  }

  async deletePrefix(prefix: string): Promise<void> {
    await rm(this.pathOf(prefix), { recursive: true, force: true });
  }

  async health(): Promise<{ healthy: boolean; detail?: string }> {
    try {
      await mkdir(this.folder, { recursive: true });
      await access(this.folder, constants.W_OK);
      return { healthy: true };
    } catch {
      return { healthy: false, detail: 'the artifact folder cannot be written' };
    }
  }

  private async place(
    key: string,
    content: Readable | Uint8Array,
    { maxBytes, name }: { maxBytes: number; name: (draft: string, target: string) => Promise<void> },
  ): Promise<StoredArtifact> {
    const target = this.pathOf(key);
    const draft = join(this.folder, '.drafts', randomUUID());
    await mkdir(dirname(draft), { recursive: true });
    try {
      const written = await writeFlushed(draft, content, maxBytes);
      await mkdir(dirname(target), { recursive: true });
      await name(draft, target);
      await flushFolder(dirname(target));
      return { key, ...written };
    } finally {
      await rm(draft, { force: true });
    }
  }

  private pathOf(key: string): string {
    requireKey(key);
    return join(this.folder, key);
  }
}

/** Unlike a rename, a link takes nobody's place. */
async function nameOnce(draft: string, target: string): Promise<void> {
  await link(draft, target).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
    throw new AppError('conflict', 'artifact-exists', 'There is such an artifact already.');
  });
}

async function writeFlushed(path: string, content: Readable | Uint8Array, maxBytes: number) {
  const hash = createHash('sha256');
  let size = 0;
  const file = await open(path, 'wx');
  try {
    const chunks: AsyncIterable<Uint8Array> | Uint8Array[] =
      content instanceof Readable ? content : [content];
    for await (const chunk of chunks) {
      size += chunk.length;
      if (size > maxBytes)
        throw new AppError('too-large', 'artifact-too-large', `More than ${maxBytes} bytes.`);
      hash.update(chunk);
      await file.writeFile(chunk);
    }
    await file.datasync();
  } finally {
    await file.close();
  }
  return { size, sha256: hash.digest('hex') };
}

/** A rename is durable once the folder that holds the name is. */
async function flushFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
