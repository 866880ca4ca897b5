import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { LocalArtifactStore } from './local-artifact-store.js';

let folder: string;
let store: LocalArtifactStore;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'artifacts-'));
  store = new LocalArtifactStore(folder);
});
afterEach(() => rmSync(folder, { recursive: true }));

it('gives back what was put, whole and in ranges, with its hash', async () => {
  const bytes = Buffer.from('geometry '.repeat(50_000));
  const stored = await store.put(
    'runs/a/1/result.json',
    Readable.from([bytes.subarray(0, 7), bytes.subarray(7)]),
    1e6,
  );
  expect(stored).toEqual({
    key: 'runs/a/1/result.json',
    size: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  });
  expect(await buffer(await store.open(stored.key))).toEqual(bytes);
  expect((await buffer(await store.open(stored.key, { start: 9, end: 12 }))).toString()).toBe('geom');
});

it('leaves nothing behind of content over the limit or cut in the middle', async () => {
  await expect(store.put('a/big', Buffer.alloc(11), 10)).rejects.toMatchObject({ kind: 'too-large' });
  const cut = Readable.from(
    (async function* () {
      yield Buffer.alloc(5);
      throw new Error('hung up');
    })(),
  );
  await expect(store.put('a/cut', cut, 10)).rejects.toThrow('hung up');
  expect(await store.stat('a/big')).toBeUndefined();
  expect(await store.stat('a/cut')).toBeUndefined();
  expect(readdirSync(join(folder, '.drafts'))).toEqual([]);
});

it('deletes a prefix and nothing beside it', async () => {
  await store.put('runs/a/1/x', Buffer.from('1'), 10);
  await store.put('runs/a/2/x', Buffer.from('2'), 10);
  await store.deletePrefix('runs/a/1');
  expect(await store.stat('runs/a/1/x')).toBeUndefined();
  expect(await store.stat('runs/a/2/x')).toEqual({ size: 1 });
  await expect(store.open('runs/a/1/x')).rejects.toMatchObject({ kind: 'not-found' });
});

it.each(['../x', '/etc/passwd', 'a/../../x', '.drafts/x', 'a//b', ''])('refuses the key %j', async (key) => {
  await expect(store.put(key, Buffer.from('x'), 10)).rejects.toThrow('Not an artifact key');
});
