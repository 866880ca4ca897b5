import { cpus, loadavg } from 'node:os';

/** Times are milliseconds, or why there is none. */
export interface Comparison {
  id: string;
  postgis: { run: string; psql: string; ratio: string } | string;
  sizes: { size: number; inProcess: number | string; postgis: number | string }[];
}

const shown = (ms: number | string): string => (typeof ms === 'number' ? String(ms) : '—');

/** A page with both tables. */
export function describe(rows: Comparison[], versions: string): string {
  const machine = `${cpus().length} × ${cpus()[0]!.model.trim()}`;
  const reasons = new Set<string>();
  const ratios = rows.map(({ id, postgis }) => {
    if (typeof postgis !== 'string')
      return `| \`${id}\` | ${postgis.run} | ${postgis.psql} | ${postgis.ratio} |`;
    reasons.add(`* \`${id}\` on PostGIS: ${postgis}`);
    return `| \`${id}\` | — | — | — |`;
  });
  const comparisons = rows.flatMap(({ id, sizes }) =>
    sizes.map(({ size, inProcess, postgis }) => {
      if (typeof inProcess === 'string')
        reasons.add(`* \`${id}\` of ${size.toLocaleString('en')} in-process: ${inProcess}`);
      const both = typeof inProcess === 'number' && typeof postgis === 'number';
      const ratio = both ? (inProcess / Math.max(1, postgis)).toFixed(2) : '—';
      return `| \`${id}\` | ${size.toLocaleString('en')} | ${shown(inProcess)} | ${shown(postgis)} | ${ratio} |`;
    }),
  );
  return `# Tiers compared

Written by \`npm run bench:procedures -- --write\` on ${machine}, Node ${process.version}, ${versions}; medians of 7
runs after a first one, of 3 that take more than four seconds, one of tier 1 over 100,000 features, in
milliseconds. The load average was
${loadavg()[1]!.toFixed(1)} at the end: what else ran there is in the figures. Other machines give other ones: measure on yours. Processes
that are not named were not measured in this run.

## Run time of tier 2 ÷ the same call in psql

Over layers of 100,000 features, in turns. The run counts from taking the attempt to having kept the result; of psql only
the procedure's call counts, written to a file. The ratio is the median of the pairs'.

| process | run | psql | ratio |
| --- | ---: | ---: | ---: |
${ratios.join('\n')}

## Tier 1 ÷ tier 2

From the request to the end of the run, over layers in PostgreSQL that tier 1 has read out for it. Above 1, PostGIS is
faster.

| process | features | tier 1 | tier 2 | ratio |
| --- | ---: | ---: | ---: | ---: |
${comparisons.join('\n')}
${reasons.size > 0 ? `\nWithout figures:\n\n${[...reasons].join('\n')}\n` : ''}`;
}
