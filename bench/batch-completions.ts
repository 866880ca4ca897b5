/**
 * From an event of AWS Batch to the end of its run: events by EventBridge and SQS (moto, on the same cores), jobs of a
 * stand-in that ends when it is told to. All at once for how many a second, then one by one for how long each takes.
 * `npm run bench:completions`
 */
import './typescript-imports.ts';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { percentile, print, type Rig, submit, withRig } from './rig.ts';

const { FakeBatch } = await import('../test/support/fake-batch/fake-batch.ts');
const { eventsToMoto } = await import('../test/support/fake-batch/moto-sinks.ts');
const { startMoto } = await import('../test/support/moto.ts');
const { makeWorkerEnvironment, ODD_PROCESS } = await import('../test/support/worker-environment.ts');

const FLOOD = 500;
const PACED = 200;
const EVERY_MS = 50;
const EMPTY = Buffer.from('{"type":"FeatureCollection","features":[]}');

/** By the run: lets its job end, and when the event of that was sent. */
const endings = new Map<string, () => void>();
const toldAt = new Map<string, number>();

const folder = mkdtempSync(join(tmpdir(), 'honua-completions-'));
const environment = makeWorkerEnvironment();
cpSync('processes', join(folder, 'processes'), { recursive: true });
writeFileSync(join(folder, 'processes', 'odd.yaml'), ODD_PROCESS);
const moto = await startMoto();
await moto.makeBatchRule('states', await moto.makeQueue('completions'));
const send = eventsToMoto(moto.endpoint);
const fake = await FakeBatch.start({
  queues: { cpu: { hasPolicy: true } },
  definitions: { 'worker:1': {} },
  standInFor:
    ({ tags }) =>
    async ({ environment: given }) => {
      writeResult(fileURLToPath(given.HONUA_OUTPUT_URI!));
      await new Promise<void>((resolve) => endings.set(tags.run!, resolve));
      return { exitCode: 0 };
    },
  events: (event) => {
    const { status, tags } = event.detail as { status: string; tags: { run: string } };
    if (status === 'SUCCEEDED') toldAt.set(tags.run, Date.now());
    return send(event);
  },
});

try {
  await withRig(
    {
      ...moto.environment,
      AWS_ENDPOINT_URL_BATCH: fake.url,
      Processing__ProcessesFolder: join(folder, 'processes'),
      Processing__CloudBatch__Provider: 'aws-batch',
      Processing__CloudBatch__WorkerFolder: environment,
      Processing__CloudBatch__JobQueue: 'cpu',
      Processing__CloudBatch__JobDefinition: 'worker:1',
      Processing__CloudBatch__CompletionQueue: 'completions',
      Limits__MaxConcurrentPythonGpu: '2000',
      Limits__MaxConcurrentJobs: '2000',
    },
    async (rig) => {
      const flood = await run(rig, FLOOD, 0);
      print(`${FLOOD} ends at once: completions/s (wanted: at least 100)`, flood.rate.toFixed(0));
      const paced = await run(rig, PACED, EVERY_MS);
      print(
        `${PACED} ends, one in ${EVERY_MS} ms: event to end p50 / p95 / p99 ms (wanted: p95 at most 1000)`,
        [0.5, 0.95, 0.99].map((share) => percentile(paced.latencies, share).toFixed(0)).join(' / '),
      );
      print('DescribeJobs, ListJobs', `${fake.calls.describejobs ?? 0}, ${fake.calls.listjobs ?? 0}`);
    },
  );
} finally {
  await fake.close();
  await moto.stop();
  for (const one of [folder, environment]) rmSync(one, { recursive: true, force: true });
}

/** Submits so many, waits until all are running, ends them, and reads from their rows when they had ended. */
async function run(
  { server, superUrl }: Rig,
  count: number,
  everyMs: number,
): Promise<{ rate: number; latencies: number[] }> {
  const ids: string[] = [];
  for (let n = 0; n < count; n++)
    ids.push((await submit(server.url, 'odd', JSON.stringify({ inputs: {} }))).split('/').at(-1)!);
  await until(() => ids.every((id) => endings.has(id)));
  await pause(2_000); // what was told of their starts is over
  for (const id of ids) {
    endings.get(id)!();
    if (everyMs > 0) await pause(everyMs);
  }
  const client = new Client(superUrl);
  await client.connect();
  try {
    let ended: { id: string; at: number }[] = [];
    await until(async () => {
      ({ rows: ended } = await client.query<{ id: string; at: number }>(
        `select id, (extract(epoch from completed_at) * 1000)::float8 as at from process_runs
          where id = any ($1) and state = 'succeeded'`,
        [ids],
      ));
      return ended.length === count;
    });
    const at = ended.map((one) => one.at);
    const first = Math.min(...ids.map((id) => toldAt.get(id)!));
    return {
      rate: count / ((Math.max(...at) - first) / 1000),
      latencies: ended.map((one) => one.at - toldAt.get(one.id)!),
    };
  } finally {
    await client.end();
  }
}

function writeResult(out: string): void {
  mkdirSync(join(out, 'try-1'), { recursive: true });
  const rel = 'try-1/result.json';
  writeFileSync(join(out, rel), EMPTY);
  const sha256 = createHash('sha256').update(EMPTY).digest('hex');
  const result = { rel, type: 'application/geo+json', size: EMPTY.length, sha256 };
  writeFileSync(join(out, 'manifest.json'), JSON.stringify({ outputs: { result, seen: { value: {} } } }));
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 120_000; ;) {
    if (await holds()) return;
    if (Date.now() > end) throw new Error('It took longer than two minutes');
    await pause(50);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
