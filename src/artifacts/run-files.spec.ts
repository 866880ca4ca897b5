import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { LocalArtifactStore } from './local-artifact-store.js';
import { findRunFile } from './run-files.js';

const folder = mkdtempSync(join(tmpdir(), 'honua-files-'));
const store = new LocalArtifactStore(folder);
afterAll(() => rmSync(folder, { recursive: true }));
const attempt = { runId: 'a', attempt: 1 };
const about = { type: 'image/png', size: 3, sha256: '0'.repeat(64) };
const write = (artifacts: object[]): Promise<unknown> =>
  store.put('runs/a/1/manifest.json', Buffer.from(JSON.stringify({ artifacts })), Infinity);

it('is found by the name that its program gave it', async () => {
  expect(await findRunFile(store, attempt, 'frames/0.png')).toBeUndefined();
  await write([{ rel: 'frames/0.png', path: 'try-2/files/frames/0.png', ...about }]);
  const { type: mediaType, ...rest } = about;
  expect(await findRunFile(store, attempt, 'frames/0.png')).toEqual({
    key: 'runs/a/1/try-2/files/frames/0.png',
    mediaType,
    ...rest,
  });
  expect(await findRunFile(store, attempt, 'frames/1.png')).toBeUndefined();
});

it.each([
  ['of another run', { path: '../../b/1/secret', ...about }],
  ['that is hidden', { path: '.secret', ...about }],
  ['of which an earlier worker says too little', { path: 'result.json', type: 'application/json' }],
])('is none %s', async (_, entry) => {
  await write([{ rel: 'x', ...entry }]);
  expect(await findRunFile(store, attempt, 'x')).toBeUndefined();
});
