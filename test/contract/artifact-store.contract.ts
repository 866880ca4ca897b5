import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import type { ArtifactStore } from '../../src/artifacts/index.js';

/** What the suite needs of a store: a new, empty one for each test. */
export interface StoreUnderContract {
  store(): ArtifactStore;
  /** Drafts, parts and the like that a broken write left behind. */
  leftovers(): Promise<string[]>;
}

/** The suite every store must pass. */
export function describeArtifactStore({ store, leftovers }: StoreUnderContract): void {
  it('gives back what was put, whole and in ranges, with its hash', async () => {
    const bytes = Buffer.from('geometry '.repeat(50_000));
    const content = Readable.from([bytes.subarray(0, 7), bytes.subarray(7)]);
    const stored = await store().put('runs/a/1/result.json', content, 1e6);
    expect(stored).toEqual({
      key: 'runs/a/1/result.json',
      size: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    });
    expect(await store().stat(stored.key)).toEqual({ size: bytes.length });
    expect(await buffer(await store().open(stored.key))).toEqual(bytes);
    expect((await buffer(await store().open(stored.key, { start: 9, end: 12 }))).toString()).toBe('geom');
    const beyond = { start: bytes.length, end: bytes.length + 5 };
    expect((await buffer(await store().open(stored.key, beyond))).length).toBe(0);
  });

  it('takes bytes, none at all too, and puts new ones in the place of old ones', async () => {
    await store().put('a/x', Buffer.from('older'), 10);
    await store().put('a/x', new Uint8Array([1, 2]), 10);
    expect(await buffer(await store().open('a/x'))).toEqual(Buffer.from([1, 2]));
    expect(await store().put('a/none', Readable.from([]), 10)).toMatchObject({ size: 0 });
    expect((await buffer(await store().open('a/none'))).length).toBe(0);
  });

  it('leaves nothing behind of content over the limit or cut in the middle', async () => {
    await expect(store().put('a/big', Buffer.alloc(11), 10)).rejects.toMatchObject({ kind: 'too-large' });
    const cut = (bytes: number): Readable =>
      Readable.from(
        (async function* () {
          for (let left = bytes; left > 0; left -= 1024 ** 2) yield Buffer.alloc(Math.min(left, 1024 ** 2));
          throw new Error('hung up');
        })(),
      );
    await expect(store().put('a/cut', cut(5), 10)).rejects.toThrow('hung up');
    await expect(store().put('a/long-cut', cut(20 * 1024 ** 2), Infinity)).rejects.toThrow('hung up');
    for (const key of ['a/big', 'a/cut', 'a/long-cut']) expect(await store().stat(key)).toBeUndefined();
    expect(await leftovers()).toEqual([]);
  });

  it('writes once where it is to, of several at once too', async () => {
    const once = (text: string) => store().putOnce('runs/a/1/manifest.json', Buffer.from(text), 10);
    const written = await Promise.allSettled(['one', 'two', 'three'].map(once));
    expect(written.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const first = await buffer(await store().open('runs/a/1/manifest.json'));
    await expect(once('four')).rejects.toMatchObject({ kind: 'conflict' });
    expect(await buffer(await store().open('runs/a/1/manifest.json'))).toEqual(first);
    expect(await leftovers()).toEqual([]);
  });

  it('copies, and each of the two goes by itself', async () => {
    await store().put('uploads/u/content', Buffer.from('raster'), 10);
    await store().copy('uploads/u/content', 'inputs/r/0');
    await store().deletePrefix('uploads/u');
    expect((await buffer(await store().open('inputs/r/0'))).toString()).toBe('raster');
    await expect(store().copy('uploads/u/content', 'inputs/r/1')).rejects.toMatchObject({
      kind: 'not-found',
    });
  });

  it('has a file of the bytes as they are now', async () => {
    await store().put('inputs/r/0', Buffer.from('older'), 10);
    expect(await readFile(await store().localPath('inputs/r/0'), 'utf8')).toBe('older');
    await store().put('inputs/r/0', Buffer.from('newer'), 10);
    const paths = await Promise.all([store().localPath('inputs/r/0'), store().localPath('inputs/r/0')]);
    for (const path of paths) expect(await readFile(path, 'utf8')).toBe('newer');
    await expect(store().localPath('inputs/r/1')).rejects.toMatchObject({ kind: 'not-found' });
  });

  it('deletes a prefix and nothing beside it', async () => {
    for (const key of ['runs/a/1/x', 'runs/a/1/y/z', 'runs/a/10/x', 'runs/a/2/x', 'runs/ab/1/x'])
      await store().put(key, Buffer.from('1'), 10);
    await store().deletePrefix('runs/a/1');
    await store().deletePrefix('runs/a/2/');
    await store().deletePrefix('runs/nobody/');
    for (const key of ['runs/a/1/x', 'runs/a/1/y/z', 'runs/a/2/x'])
      expect(await store().stat(key)).toBeUndefined();
    for (const key of ['runs/a/10/x', 'runs/ab/1/x']) expect(await store().stat(key)).toEqual({ size: 1 });
    await store().deletePrefix('runs/a/10/x');
    expect(await store().stat('runs/a/10/x')).toBeUndefined();
    await expect(store().open('runs/a/1/x')).rejects.toMatchObject({ kind: 'not-found' });
  });

  it.each(['../x', '/etc/passwd', 'a/../../x', '.drafts/x', 'a//b', '', 'a b', 'a?b', 'ä'])(
    'refuses the key %j',
    async (key) => {
      await expect(async () => store().put(key, Buffer.from('x'), 10)).rejects.toThrow('Not an artifact key');
      await expect(async () => store().deletePrefix(key)).rejects.toThrow('Not an artifact key');
      expect(() => store().uriOf(key)).toThrow('Not an artifact key');
    },
  );

  it('names a place before there is anything', () => {
    expect(store().uriOf('runs/a/1/')).toMatch(/^(file|s3):\/\/.*\/runs\/a\/1\/$/);
    expect(store().uriOf('jobs/a/inputs.json')).toMatch(/\/jobs\/a\/inputs\.json$/);
  });

  it('is healthy', async () => {
    expect(await store().health()).toEqual({ healthy: true });
  });
}
