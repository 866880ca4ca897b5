/**
 * What a synchronous request of 10 kB costs beyond its computing: the whole HTTP exchange minus the processor time of the
 * operation, which the ledger has. `npm run bench:sync-overhead`
 */
import { Client } from 'pg';
import { counties, upTo } from '../test/support/real-data.ts';
import { percentile, print, withRig } from './rig.ts';

const WARM_UP = 100;
const REQUESTS = 500;

await withRig({}, async ({ server, superUrl }) => {
  const body = JSON.stringify({ inputs: { features: upTo(10_000, counties()), distance: 1_000 } });
  const exchange = async (): Promise<{ ms: number; run: string }> => {
    const began = performance.now();
    const reply = await fetch(`${server.url}/processes/buffer/execution`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    await reply.arrayBuffer();
    if (reply.status !== 200) throw new Error(`Expected 200, got ${reply.status}`);
    const run = /\/jobs\/([0-9a-f-]{36})/.exec(reply.headers.get('link') ?? '')![1]!;
    return { ms: performance.now() - began, run };
  };
  for (let n = 0; n < WARM_UP; n++) await exchange();
  const exchanges = [];
  for (let n = 0; n < REQUESTS; n++) exchanges.push(await exchange());

  const client = new Client({ connectionString: superUrl });
  await client.connect();
  const { rows } = await client.query<{ run_id: string; ms: number }>(
    `select run_id, (data->'usage'->>'cpuMs')::float8 as ms from process_run_events
     where kind = 'succeeded' and run_id = any($1)`,
    [exchanges.map(({ run }) => run)],
  );
  await client.end();
  const compute = new Map(rows.map(({ run_id, ms }) => [run_id, ms]));
  const total = exchanges.map(({ ms }) => ms);
  const beyond = exchanges.map(({ ms, run }) => ms - compute.get(run)!);
  const show = (values: number[]): string =>
    [0.5, 0.95, 0.99].map((share) => percentile(values, share).toFixed(2)).join(' / ');
  print(
    `Synchronous buffer of ${(body.length / 1000).toFixed(1)} kB, whole, p50 / p95 / p99 ms`,
    show(total),
  );
  print('of that beyond computing, p50 / p95 / p99 ms', show(beyond));
});
