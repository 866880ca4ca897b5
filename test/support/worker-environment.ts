import { generateKeyPairSync, sign } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const WORKER = resolve(import.meta.dirname, 'odd-worker.mjs');

/** An environment as the start makes it, with the worker that does odd things, and its manifest signed by a new key: of `scripts`, and of `others` as they are. */
export function makeWorkerEnvironment(
  scripts = ['odd'],
  gpus: Record<string, number> = {},
  others: object[] = [],
): string {
  const folder = mkdtempSync(join(tmpdir(), 'honua-worker-'));
  chmodSync(folder, 0o755);
  for (const part of ['bin', 'honua']) mkdirSync(join(folder, part));
  const program = join(folder, 'bin', 'honua-worker');
  writeFileSync(program, `#!/bin/sh\nexec ${process.execPath} ${WORKER} "$@"\n`, { mode: 0o755 });
  const manifest = Buffer.from(
    JSON.stringify({
      scripts: [
        ...others,
        ...scripts.map((script) => ({
          script,
          image: 'local',
          sha256: '0'.repeat(64),
          requiredEnvironment: ['JOB_ID', 'HONUA_INPUT_URI', 'HONUA_OUTPUT_URI', 'HONUA_ARTIFACT_DIR'],
          quota: { cpus: 1, memoryMiB: 1024, gpus: gpus[script] ?? 0, timeoutSeconds: 60 },
        })),
      ],
    }),
  );
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const beside = (name: string): string => join(folder, 'honua', name);
  writeFileSync(beside('worker-manifest.json'), manifest);
  writeFileSync(beside('worker-manifest.sig'), sign(null, manifest, privateKey).toString('base64'));
  writeFileSync(beside('worker-key.pem'), publicKey.export({ type: 'spki', format: 'pem' }));
  return folder;
}

/** A process for that worker. */
export const ODD_PROCESS = `
id: odd
title: Odd
description: Does what it is told, by a worker.
version: 1.0.0
preferredTiers: [cloud-batch]
resourceClass: PythonGpu
hints: { targetP95: 1s, estimatedCostUnits: 1 }
inputs:
  does: { title: What, type: string, default: echo }
  seconds: { title: How long, type: number, default: 0 }
  mark: { title: A file that is told of it, type: string, minOccurs: 0 }
  until: { title: A file that it waits for, type: string, minOccurs: 0 }
  after: { title: 'A file that it waits for, when it is done', type: string, minOccurs: 0 }
  features: { title: Features, type: features, minOccurs: 0 }
  distance: { title: Distance, type: length, minOccurs: 0 }
  file: { title: Raster, type: file, minOccurs: 0, mediaTypes: [image/tiff] }
outputs:
  result: { title: The features, type: features }
  seen: { title: What the worker got, type: object }
  copy: { title: The raster again, type: file, mediaType: image/tiff }
handlers:
  cloud-batch: { script: odd }
examples:
  - { title: Nothing odd, inputs: {} }
`;
