import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const tests = resolve(import.meta.dirname, '..');

interface Suite {
  suite: string;
  results: { test: string; status: string; reason?: string }[];
}

/** What is deliberately left out, and why. */
const LEFT_OUT = [
  [
    'Version 2.0 as a declared class',
    'It is a draft. Served from it, and tested in `test/e2e/version-two.spec.ts`: `/jobs/{jobID}/results/{outputID}`, no outputs at all, its exceptions, and its names in a status beside those of 1.0.',
  ],
  [
    'Key-value execution by GET',
    'Only in the draft of 2.0; an execution changes something, and a GET is repeated by caches and crawlers.',
  ],
  ['Deploy, Replace, Undeploy (part 2)', 'Processes are deployed as files of the catalog.'],
  ['Workflows (part 3)', 'A draft.'],
];

/** `docs/reference/conformance.md`: each requirement with the test of its name, and what the suite of OGC says. */
export function describeConformance(): string {
  const rows = requirementsWithTests().map(([id, file]) => `| \`${id}\` | \`test/conformance/${file}\` |`);
  const { suite, results } = JSON.parse(readFileSync(join(tests, 'ets/results.json'), 'utf8')) as Suite;
  const count = (status: string): number => results.filter((one) => one.status === status).length;
  return [
    '# Conformance to OGC API - Processes 1.0 (18-062r2)',
    'Generated from the tests. All eight classes are declared; each requirement has a test of its name.',
    table(['requirement', 'test'], rows),
    '## Left out',
    table(
      ['what', 'why'],
      LEFT_OUT.map(([what, why]) => `| ${what} | ${why} |`),
    ),
    '## The executable test suite of OGC',
    `\`${suite}\`: ${count('PASS')} passed, ${count('SKIP')} skipped, ${count('FAIL')} failed (\`ETS_JAR=… npm run test:ets\`). It covers core, the process description and the job list only. It is run with \`ogc.syncLinkHeader: false\`, because its test of that header (testJobResultsSync) requests the link together with the angle brackets around it.`,
    table(
      ['test', 'result', 'why'],
      results.map(({ test, status, reason = '' }) => `| ${test} | ${status} | ${reason} |`),
    ),
  ].join('\n\n');
}

const table = (heads: string[], rows: string[]): string =>
  [`| ${heads.join(' | ')} |`, `| ${heads.map(() => '---').join(' | ')} |`, ...rows].join('\n');

/** The ids of requirements with the file of their test, in the order of the ids. */
function requirementsWithTests(): [string, string][] {
  const folder = join(tests, 'conformance');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.spec.ts'))
    .flatMap((name) =>
      Array.from(
        readFileSync(join(folder, name), 'utf8').matchAll(/^\s*requirement\('([^']+)'/gm),
        ([, id]): [string, string] => [id!, name],
      ),
    )
    .sort(([a], [b]) => (a < b ? -1 : 1));
}
