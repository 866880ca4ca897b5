/**
 * What tier 2 adds to its procedures: its run time ÷ the same call in psql, over layers of 100,000 features, in turns; and
 * tier 1 ÷ tier 2 for each operation and size, as Markdown. `npm run bench:procedures [-- --write] [process…]`
 *
 * A run goes over HTTP and names its layers. Its run time is what the tier puts into the ledger: from taking the attempt to
 * having kept the result. Between tiers all counts from the request to the end of the run, reading the layer out for tier 1
 * included.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from 'pg';
import { withClient } from '../launcher/private-cluster.ts';
import { inPsql } from './procedures/in-psql.ts';
import { loadLayers, SIZES } from './procedures/layers.ts';
import { type Finished, overHttp } from './procedures/over-http.ts';
import { prefer } from './procedures/prefer.ts';
import { bodyOf, type MeasuredProcess, measuredProcesses } from './procedures/requests.ts';
import { type Comparison, describe } from './procedures/report.ts';
import { settingsFor } from './procedures/settings.ts';
import { percentile, print, submit, withRig } from './rig.ts';

/** Those that are quick are run more often. */
const ROUNDS = { quick: 7, slow: 3 };
const SLOW_MS = 4_000;
const LIMIT_MS = 40_000;
const PAGE = 'docs/reference/tier-comparison.md';

const writes = process.argv.includes('--write');
const wanted = process.argv.slice(2).filter((one) => !one.startsWith('--'));
const chosen = measuredProcesses().filter(({ id }) => wanted.length === 0 || wanted.includes(id));
const folder = mkdtempSync(join(tmpdir(), 'honua-psql-'));

await withRig(settingsFor(LIMIT_MS), ({ server: { url }, databaseUrl, superUrl }) =>
  withClient(databaseUrl, async (owner) => {
    await loadLayers(owner);
    await withClient(superUrl, async (ledger) => {
      const rows: Comparison[] = [];
      const { rows: versions } = await ledger.query<{ version: string }>(
        `select 'PostgreSQL ' || current_setting('server_version') || ', PostGIS ' || postgis_lib_version() ||
                ', GEOS ' || postgis_geos_version() as version`,
      );
      // A request that is refused shows at once.
      await prefer(url, 'in-process');
      for (const measured of chosen) await submit(url, measured.id, bodyOf(measured, SIZES[0]));
      for (const measured of chosen) {
        const row = await measure({ url, ledger, databaseUrl }, measured);
        rows.push(row);
        if (writes) writeFileSync(PAGE, describe(rows, versions[0]!.version));
        print(
          `${row.id}, 100,000: run of tier 2 / psql, p50 ms, ratio`,
          typeof row.postgis === 'string'
            ? row.postgis
            : `${row.postgis.run} / ${row.postgis.psql} = ${row.postgis.ratio}`,
        );
      }
      process.stdout.write(`\n${describe(rows, versions[0]!.version)}`);
    });
  }),
).finally(() => rmSync(folder, { recursive: true, force: true }));

interface Place {
  url: string;
  ledger: Client;
  databaseUrl: string;
}

async function measure({ url, ledger, databaseUrl }: Place, measured: MeasuredProcess): Promise<Comparison> {
  const on = async (tier: 'postgis' | 'in-process', size: number): Promise<Finished | string> => {
    await prefer(url, tier);
    return overHttp({ url, ledger, limitMs: LIMIT_MS * 1.5 }, measured.id, bodyOf(measured, size));
  };
  const row: Comparison = { id: measured.id, postgis: '', sizes: [] };
  for (const size of SIZES) {
    const isLargest = size === SIZES.at(-1);
    const calls: number[] = [];
    const runs = await several(async () => {
      const run = await on('postgis', size);
      if (isLargest && typeof run !== 'string') calls.push(await inPsql(databaseUrl, folder, measured, size));
      return run;
    });
    if (isLargest)
      row.postgis =
        typeof runs === 'string'
          ? runs
          : pairOf(
              runs.map(({ tierMs }) => tierMs),
              calls.slice(1),
            );
    const others = await several(() => on('in-process', size), isLargest ? 1 : undefined);
    row.sizes.push({ size, inProcess: wholeOf(others), postgis: wholeOf(runs) });
  }
  return row;
}

/** Runs after a first one, which is left out; or why there is none. */
async function several(run: () => Promise<Finished | string>, most?: number): Promise<Finished[] | string> {
  const first = await run();
  if (typeof first === 'string') return first;
  const found: Finished[] = [];
  const rounds = most ?? (first.wholeMs > SLOW_MS ? ROUNDS.slow : ROUNDS.quick);
  while (found.length < rounds) {
    const one = await run();
    if (typeof one === 'string') return one;
    found.push(one);
  }
  return found;
}

function wholeOf(runs: Finished[] | string): number | string {
  if (typeof runs === 'string') return runs;
  return percentile(
    runs.map(({ wholeMs }) => wholeMs),
    0.5,
  );
}

/** Medians of what was measured in turns, and the median of the pairs' ratios. */
function pairOf(runs: number[], calls: number[]): { run: string; psql: string; ratio: string } {
  const ratios = runs.map((run, at) => run / calls[at]!);
  return {
    run: percentile(runs, 0.5).toFixed(0),
    psql: percentile(calls, 0.5).toFixed(0),
    ratio: percentile(ratios, 0.5).toFixed(2),
  };
}
