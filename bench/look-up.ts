/**
 * Looking up one run among 10 thousand ÷ among 5 million: the partitioned key should make it about 1.
 * `npm run bench:look-up`
 */
import type { Client } from 'pg';
import { withClient } from '../launcher/private-cluster.ts';
import { percentile, print, statusOf, timed, withRig } from './rig.ts';

const SIZES = [10_000, 5_000_000];
const PROBES = 2_000;

interface Medians {
  sql: number;
  http: number;
}

await withRig({}, ({ server, superUrl }) =>
  withClient(superUrl, async (client) => {
    await client.query(`select ensure_partitions(25, now() - interval '24 months')`);
    const medians: Medians[] = [];
    let there = 0;
    for (const size of SIZES) {
      await fill(client, size - there);
      there = size;
      await client.query('vacuum analyze process_runs');
      const found = await probe(client, server.url, size);
      medians.push(found);
      print(
        `Look-up among ${size.toLocaleString('en')}, p50 ms: SQL / HTTP`,
        `${found.sql.toFixed(2)} / ${found.http.toFixed(2)}`,
      );
    }
    const [few, many] = medians as [Medians, Medians];
    print(
      'Ratio, 5 million ÷ 10 thousand: SQL / HTTP',
      `${(many.sql / few.sql).toFixed(2)} / ${(many.http / few.http).toFixed(2)}`,
    );
  }),
);

async function probe(client: Client, url: string, size: number): Promise<Medians> {
  const { rows } = await client.query<{ id: string }>(
    `select id from process_runs tablesample bernoulli (${Math.min(100, (200 * PROBES) / size).toFixed(4)}) order by random() limit ${PROBES}`,
  );
  const sql: number[] = [];
  const http: number[] = [];
  for (const { id } of rows) {
    sql.push(await timed(() => client.query('select * from process_runs where id = $1', [id])));
    http.push(await timed(() => statusOf(`${url}/jobs/${id}`)));
  }
  return { sql: percentile(sql, 0.5), http: percentile(http, 0.5) };
}

/** Finished runs spread over the past 24 months, a quarter of them in the current one. */
async function fill(client: Client, count: number): Promise<void> {
  await client.query(
    `insert into process_runs (id, tenant_id, user_id, process_id, process_version, definition_hash, resource_class, lane,
       mode, surface, state, attempt, submitted_at, started_at, completed_at, updated_at, deadline_at, decision,
       response_spec, input, outputs, estimated_cost_units, progress, event_seq)
     select (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7' || substr(md5(n::text || at::text), 1, 3)
            || 'a' || substr(md5(at::text || n::text), 1, 15))::uuid,
       'default', 'anonymous', 'buffer', '1.0.0', repeat('0', 64), 'CpuBurst', 'CpuBurst', 'async', 'ogc-processes',
       'succeeded', 1, at, at, at, at, at, '{"admitted": true}', '{"response": "raw"}',
       '{"size": 10, "sha256": "", "mediaType": "application/json"}', '[]', 1, 100, 3
     from (select n, now() - case when n % 4 = 0 then random() * interval '10 days' else random() * interval '720 days' end as at
           from generate_series(1, $1::int) n) rows`,
    [count],
  );
}
