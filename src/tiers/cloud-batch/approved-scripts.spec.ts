import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadConfig } from '../../config/index.js';
import { ApprovedScripts } from './approved-scripts.js';

const MANIFEST = {
  scripts: [
    {
      script: 'ndvi',
      image: 'local',
      sha256: 'a'.repeat(64),
      requiredEnvironment: ['JOB_ID'],
      quota: { cpus: 1, memoryMiB: 512, gpus: 0, timeoutSeconds: 60 },
    },
  ],
};

let folder: string;
const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const stranger = generateKeyPairSync('ed25519').publicKey;
const pem = (key: typeof publicKey): string => key.export({ type: 'spki', format: 'pem' }) as string;
const put = (name: string, content: string): void => writeFileSync(join(folder, 'honua', name), content);
const approved = async (settings: Record<string, string> = {}): Promise<ApprovedScripts> => {
  const scripts = new ApprovedScripts(
    loadConfig('config', { Processing__CloudBatch__WorkerFolder: folder, ...settings }),
  );
  await scripts.refresh();
  return scripts;
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'honua-approved-'));
  mkdirSync(join(folder, 'honua'));
  const text = JSON.stringify(MANIFEST);
  put('worker-manifest.json', text);
  put('worker-manifest.sig', sign(null, Buffer.from(text), privateKey).toString('base64'));
  put('worker-key.pem', pem(publicKey));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('approves what is signed, and nothing else', async () => {
  const scripts = await approved();
  expect(scripts.find('ndvi')).toEqual({ ok: true, approved: MANIFEST.scripts[0] });
  expect(scripts.find('rm')).toEqual({ ok: false, reason: "Script 'rm' is not approved." });
});

it.each([
  ['was changed', () => put('worker-manifest.json', JSON.stringify(MANIFEST).replace('ndvi', 'evil'))],
  ['was signed by another key', () => put('worker-key.pem', pem(stranger))],
])('approves nothing of a manifest that %s', async (_, spoil) => {
  const scripts = await approved();
  expect(scripts.find('ndvi').ok).toBe(true);
  spoil();
  const anew = await approved();
  const reason = 'The manifest of the worker is not signed by its key.';
  for (const name of ['ndvi', 'evil']) expect(anew.find(name)).toEqual({ ok: false, reason });
});

it('takes the key from where the operator keeps it', async () => {
  const elsewhere = join(folder, 'key.pem');
  writeFileSync(elsewhere, pem(stranger));
  const scripts = await approved({ Processing__CloudBatch__WorkerKeyFile: elsewhere });
  expect(scripts.find('ndvi').ok).toBe(false);
});

it('sees a manifest that comes, changes, or goes while it runs', async () => {
  const scripts = await approved();
  put('worker-manifest.json', JSON.stringify({ scripts: [] }));
  await scripts.refresh();
  expect(scripts.find('ndvi')).toMatchObject({ ok: false, reason: expect.stringContaining('not signed') });
  rmSync(join(folder, 'honua', 'worker-manifest.json'));
  await scripts.refresh();
  expect(scripts.find('ndvi')).toEqual({ ok: false, reason: 'The Python worker is not installed.' });
});

it.each(['azure-batch', 'gcp-batch'])('refuses the provider %s, which is not built', (provider) => {
  expect(() => loadConfig('config', { Processing__CloudBatch__Provider: provider })).toThrow(
    'must be one of local, aws-batch: no other provider is built',
  );
});
