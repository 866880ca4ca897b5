/** Any program as a process: the samples that ship, and what may go wrong with one, in the Python worker itself. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { approve } from '../../launcher/install-worker.ts';
import { loadDefinition } from '../../src/registry/index.js';
import { startServer, type TestServer } from '../support/app.js';
import { post, statusOf, submit, untilFinished } from '../support/ogc-client.js';
import { INSTALL_LIMIT_MS, layeredWorker, python, root } from '../support/python-worker.js';

const SAMPLES = ['sample-region-workflow', 'sample-render'];

/** Does what its input says: ends badly, waits, tells its environment, or leaves a file of a bad name. */
const ODD = `#!/usr/bin/env bash
set -u
does=$(python -c 'import json, os; print(json.load(open(os.environ["HONUA_INPUTS"]))["does"])')
echo "It $does"
case "$does" in
  fail) echo "Nothing to be done" >&2; exit 7 ;;
  wait) echo "40 Waiting" >> "$HONUA_PROGRESS"; sleep 300 & wait ;;
  tell) env | cut -d= -f1 | sort > "$HONUA_ARTIFACT_DIR/names.txt"
        printf '{"mode": "%s", "token": %d}' "$MODE" "\${#TOKEN}" > "$HONUA_ARTIFACT_DIR/told.json" ;;
  misname) touch "$HONUA_ARTIFACT_DIR/a name" ;;
  nothing) ;;
esac
`;
const ODD_TOML = `argv = ["odd.sh"]\nsecrets = ["TOKEN"]\n[variables]\nMODE = "plain"\n`;
const ODD_YAML = `
id: odd-command
title: A command
description: Does what it is told.
version: 1.0.0
preferredTiers: [cloud-batch]
resourceClass: PythonGpu
inputs: { does: { title: What, type: string } }
outputs: { told: { title: Told, type: object }, files: { title: Files, type: table } }
handlers:
  cloud-batch: { script: 'command:odd', variables: { MODE: fast }, files: { told: told.json }, listing: files }
examples: [{ title: None, inputs: { does: tell } }]
`;

describe.skipIf(!python)('a command as a process', () => {
  let folder: string;
  let server: TestServer;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'honua-commands-'));
    cpSync(join(root, 'processes'), join(folder, 'processes'), { recursive: true });
    cpSync(join(root, 'workers/commands'), join(folder, 'commands'), { recursive: true });
    mkdirSync(join(folder, 'commands/odd'));
    writeFileSync(join(folder, 'commands/odd/odd.sh'), ODD, { mode: 0o755 });
    writeFileSync(join(folder, 'commands/odd/command.toml'), ODD_TOML);
    const worker = await layeredWorker(join(folder, 'worker'));
    await approve(worker, join(folder, 'commands'));
    writeFileSync(join(folder, 'processes/odd.yaml'), ODD_YAML);
    mkdirSync(join(folder, 'secrets'));
    writeFileSync(join(folder, 'secrets/TOKEN'), 'xyzzy-4711\n');
    for (const sample of SAMPLES) {
      const file = join(folder, 'processes', `${sample}.yaml`);
      writeFileSync(file, readFileSync(file, 'utf8').replace('enabled: false', 'enabled: true'));
    }
    server = await startServer({
      Processing__ProcessesFolder: join(folder, 'processes'),
      Processing__CloudBatch__WorkerFolder: worker,
      Processing__CloudBatch__SecretsFolder: join(folder, 'secrets'),
    });
  }, INSTALL_LIMIT_MS);
  afterAll(async () => {
    await server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const ended = async (does: string): Promise<Awaited<ReturnType<typeof untilFinished>>> =>
    untilFinished(await submit(server.url, 'odd-command', { inputs: { does } }));
  const run = async (process: string, inputs: Record<string, unknown>): Promise<string> => {
    const job = await submit(server.url, process, { inputs, response: 'document' });
    const status = await untilFinished(job);
    const log = await (await fetch(`${job}/logs`)).text();
    expect(status, log).toMatchObject({ status: 'successful', executedTier: 'cloud-batch' });
    return job;
  };
  /** Values as they are: in a document those with members are qualified. */
  const results = async (job: string): Promise<Record<string, any>> => {
    const document = (await (await fetch(`${job}/results`)).json()) as Record<string, any>;
    return Object.fromEntries(Object.entries(document).map(([id, given]) => [id, given.value ?? given]));
  };

  it.each(SAMPLES)('%s gives what its example says, and every file by its place', async (sample) => {
    const text = readFileSync(join(folder, 'processes', `${sample}.yaml`), 'utf8');
    const [{ inputs, expect: wanted }] = loadDefinition(sample, text).entry!.definition.examples as any;
    const job = await run(sample, inputs);
    const given = await results(job);
    expect(given.summary).toEqual(wanted.outputs.summary.value);
    expect(given.files.length).toBeGreaterThan(2);
    for (const { path, mediaType, size } of given.files as {
      path: string;
      mediaType: string;
      size: number;
    }[]) {
      const reply = await fetch(`${job}/files/${path}`);
      expect([reply.status, reply.headers.get('content-type')]).toEqual([200, mediaType]);
      expect((await reply.arrayBuffer()).byteLength).toBe(size);
    }
  });

  it('keeps the folders of what it leaves, and passes text on as it is', async () => {
    const region = {
      type: 'Polygon',
      coordinates: [
        [
          [0, 0],
          [2, 0],
          [2, 1],
          [0, 1],
          [0, 0],
        ],
      ],
    };
    const job = await run('sample-region-workflow', { region });
    const { files } = await results(job);
    expect(files.map(({ path }: { path: string }) => path)).toEqual([
      'parts/part-1.geojson',
      'report.txt',
      'summary.json',
    ]);
    expect(await (await fetch(`${job}/results/report`)).text()).toBe('1 parts\n1. 2.000000\n');
    expect((await fetch(`${job}/files/parts/part-2.geojson`)).status).toBe(404);
    expect((await fetch(`${job}/files/..%2Fmanifest.json`)).status).toBe(404);
    const range = await fetch(`${job}/files/report.txt`, { headers: { range: 'bytes=0-6' } });
    expect([range.status, await range.text()]).toEqual([206, '1 parts']);
  });

  it('has the variables that its process sets and its secrets, and nothing else of the server', async () => {
    const job = await run('odd-command', { does: 'tell' });
    expect(await results(job)).toMatchObject({ told: { mode: 'fast', token: 'xyzzy-4711'.length } });
    const names = (await (await fetch(`${job}/files/names.txt`)).text()).trim().split('\n');
    const shell = ['OLDPWD', 'PWD', 'SHLVL', '_'];
    expect(names.filter((name) => !shell.includes(name))).toEqual([
      'HOME',
      'HONUA_ARTIFACT_DIR',
      'HONUA_INPUTS',
      'HONUA_PROGRESS',
      'JOB_ID',
      'LANG',
      'MODE',
      'PATH',
      'TMPDIR',
      'TOKEN',
      'TRACEPARENT',
    ]);
    const log = await (await fetch(`${job}/logs`)).text();
    expect(log).toContain('It tell');
    expect(log).not.toContain('xyzzy');
  });

  it('that ends badly fails with its exit code, and what it said last', async () => {
    const job = await submit(server.url, 'odd-command', { inputs: { does: 'fail' } });
    const status = await untilFinished(job);
    expect(status).toMatchObject({ status: 'failed', message: 'The worker ended with exit code 7.' });
    expect(await (await fetch(`${job}/logs`)).text()).toContain('Nothing to be done');
    const page = await (await fetch(`${job}?f=html`)).text();
    expect(page).toContain('Nothing to be done');
  });

  it.each([
    ['misname', "A file is called 'a name'"],
    ['nothing', "The command left no file 'told.json', which is output 'told'."],
  ])('that leaves what cannot be taken says so: %s', async (does, told) => {
    expect(await ended(does)).toMatchObject({ status: 'failed', message: expect.stringContaining(told) });
  });

  it('tells how far it is, and is gone soon after a cancel, with all that it started', async () => {
    const job = await submit(server.url, 'odd-command', { inputs: { does: 'wait' } });
    await expect
      .poll(() => statusOf(job), { timeout: 20_000 })
      .toMatchObject({ status: 'running', progress: 40, message: 'Waiting' });
    const asked = performance.now();
    expect((await fetch(job, { method: 'DELETE' })).status).toBe(200);
    await expect
      .poll(async () => ((await statusOf(job)) as { finished?: string }).finished, { timeout: 10_000 })
      .toBeDefined();
    expect(performance.now() - asked).toBeLessThan(8_000);
    expect((await fetch(`${job}/results`)).status).toBe(410);
  });

  it('is not run when its files are not those that were signed', async () => {
    const installed = join(folder, 'worker/honua/commands/odd/odd.sh');
    writeFileSync(installed, `${ODD}\necho changed\n`);
    expect(await ended('tell')).toMatchObject({
      status: 'failed',
      message: "Script 'command:odd' is not approved.",
    });
    writeFileSync(installed, ODD);
  });
});

it('the samples ship disabled: nobody is offered them', async () => {
  const server = await startServer();
  try {
    for (const sample of SAMPLES) expect((await post(server.url, sample, { inputs: {} })).status).toBe(404);
  } finally {
    await server.close();
  }
});
