/** What `batch-check` tells of a run. */
export interface Check {
  report?: { rung: string; try: number; size: number; sha256: string } & Partial<typeof BASELINE>;
}

export interface Rung {
  name: string;
  /** Inputs of each run; several are one array. */
  runs: object[];
  limitMs: number;
  /** What to do where it does not hold. */
  hint: string;
}

const MINUTE = 60_000;
const regions = (count: number): object[] =>
  Array.from({ length: count }, (_, region) => ({ rung: 'region', region }));

/** Each shows more than the one before: the first that fails says where to look. */
export const RUNGS = [
  {
    name: 'hello',
    runs: [{ rung: 'hello' }],
    limitMs: 2 * MINUTE,
    hint: 'No job comes to its start, or none is heard of: look at the job queue (GET /admin/batch/jobs), at the compute environment with its limits and subnets, at the image, and at the queue of completions.',
  },
  {
    name: 'store',
    runs: [{ rung: 'store' }],
    limitMs: MINUTE,
    hint: 'Jobs run and cannot store: look at the role of the job, at the bucket of outputs and at its encryption key.',
  },
  {
    name: 'imports',
    runs: [{ rung: 'imports' }],
    limitMs: 5 * MINUTE,
    hint: 'The image lacks libraries: build it from workers/python by its lock.',
  },
  {
    name: 'one region',
    runs: regions(1),
    limitMs: 5 * MINUTE,
    hint: 'The image computes other values than the worker of this version: build it from workers/python by its lock.',
  },
  {
    name: 'three regions',
    runs: regions(3),
    limitMs: 10 * MINUTE,
    hint: 'One job goes well and several do not: look at quotas of the account, limits of the tenant, and the children of the job.',
  },
  {
    name: 'twenty-five regions',
    runs: regions(25),
    limitMs: 60 * MINUTE,
    hint: 'It does not carry load: look at the children of the job, and at how often machines are taken away.',
  },
] as const satisfies Rung[];

/** Of region 0, wherever it is computed. */
export const BASELINE = { mean: 0.642776241, least: -0.98990896, most: 1.97505621 };
const CLOSE = 1e-6;

/** Of many runs, so many must succeed: below the second it is no-go. */
const GO = 0.95;
const NO_GO = 0.9;
const MOST_TAKEN_AWAY = 0.05;

/** Why a rung does not hold; undefined where it does. `checks` are of the runs that succeeded. */
export function faultOf({ name, runs }: Rung, checks: Check[]): string | undefined {
  const silent = checks.find(({ report }) => !report);
  if (silent) return 'A job succeeded and gave no report.';
  const share = checks.length / runs.length;
  const told = `${checks.length} of ${runs.length} runs succeeded`;
  if (runs.length > 3 && share < GO)
    return `${told}: ${share < NO_GO ? 'no-go' : `fewer than ${GO * 100} %`}.`;
  if (runs.length <= 3 && share < 1) return `${told}.`;
  if (name === 'one region' && !isBaseline(checks[0]!))
    return `The surface is ${JSON.stringify(checks[0]!.report)}, the baseline ${JSON.stringify(BASELINE)}.`;
  const takenAway = checks.filter(({ report }) => report!.try > 1).length;
  if (runs.length > 3 && takenAway / runs.length >= MOST_TAKEN_AWAY)
    return `${takenAway} of ${runs.length} jobs lost their machine.`;
  return undefined;
}

const isBaseline = ({ report }: Check): boolean =>
  Object.entries(BASELINE).every(
    ([name, value]) => Math.abs((report![name as keyof typeof BASELINE] ?? NaN) - value) < CLOSE,
  );
