/**
 * Asynchronous runs ÷ raw pg-boss jobs that do nothing, on the same PostgreSQL in the same minutes: pick-up time when
 * idle, and how many a second when flooded. `npm run bench:queue`
 */
import { PgBoss } from 'pg-boss';
import { percentile, print, type Rig, statusOf, submit, untilFinished, withRig } from './rig.ts';

const IDLE_PROBES = 60;
const FLOOD = 1_000;
const CLIENTS = 8;
const ECHO = JSON.stringify({ inputs: { echo: 'x' } });

await withRig({ Limits__MaxConcurrentJobs: '100' }, async (rig) => {
  const boss = await pgBoss(rig);
  const ours = await runs(rig);
  print(
    'pg-boss no-op: pick-up p50 / p95 ms, jobs/s',
    `${boss.p50.toFixed(1)} / ${boss.p95.toFixed(1)}, ${boss.rate.toFixed(0)}`,
  );
  print(
    'Runs over HTTP: pick-up p50 / p95 ms, runs/s',
    `${ours.p50.toFixed(1)} / ${ours.p95.toFixed(1)}, ${ours.rate.toFixed(0)}`,
  );
  print(
    'Ratio: pick-up p50, rate',
    `${(ours.p50 / boss.p50).toFixed(2)}, ${(ours.rate / boss.rate).toFixed(2)}`,
  );
});

interface Figures {
  p50: number;
  p95: number;
  rate: number;
}

function summary(pickups: number[], rate: number): Figures {
  return { p50: percentile(pickups, 0.5), p95: percentile(pickups, 0.95), rate };
}

async function pgBoss({ superUrl }: Rig): Promise<Figures> {
  const boss = new PgBoss({ connectionString: superUrl, schema: 'bench_boss', useListenNotify: true });
  await boss.start();
  await boss.createQueue('noop', { notify: true });
  const pickups: number[] = [];
  let done = 0;
  await boss.work<{ at: number }>(
    'noop',
    { batchSize: 20, burstWhenBatchFull: true, pollingIntervalSeconds: 0.5 },
    async (jobs) => {
      for (const { data } of jobs) {
        if (data.at) pickups.push(Date.now() - data.at);
        done++;
      }
    },
  );
  for (let n = 0; n < IDLE_PROBES; n++) {
    await boss.send('noop', { at: Date.now() });
    await pause(40);
  }
  await until(() => done >= IDLE_PROBES);
  const began = performance.now();
  await inParallel(FLOOD, () => boss.send('noop', { at: 0 }));
  await until(() => done >= IDLE_PROBES + FLOOD);
  const rate = FLOOD / ((performance.now() - began) / 1000);
  await boss.stop();
  return summary(pickups, rate);
}

/** Pick-up is `started` minus `created`, both by the database's clock; the rate counts accepted to last finished. */
async function runs({ server }: Rig): Promise<Figures> {
  const pickups: number[] = [];
  for (let n = 0; n < IDLE_PROBES; n++) {
    const job = await submit(server.url, 'echo', ECHO);
    await untilFinished(job, 10_000);
    const { created, started } = await statusOf(job);
    pickups.push(Date.parse(started!) - Date.parse(created));
  }
  const began = performance.now();
  const jobs = await inParallel(FLOOD, () => submit(server.url, 'echo', ECHO));
  await Promise.all(jobs.slice(-20).map((job) => untilFinished(job, 60_000)));
  await until(async () => {
    const list = (await (await fetch(`${server.url}/jobs?status=accepted,running&limit=1`)).json()) as {
      jobs: unknown[];
    };
    return list.jobs.length === 0;
  });
  return summary(pickups, FLOOD / ((performance.now() - began) / 1000));
}

async function inParallel<T>(count: number, work: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  const client = async (): Promise<void> => {
    while (next++ < count) results.push(await work());
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return results;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 120_000;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error('It did not come to pass in two minutes');
    await pause(20);
  }
}
