/** What differs between deployments. The defaults are those of the service's configuration. */
export interface DeploymentOptions {
  /** Availability zones of the network; interface endpoints are billed for each. */
  zones: number;
  /** Whether there is an environment of g4dn instances. It costs nothing while nothing runs in it. */
  gpu: boolean;
  spot: boolean;
  /** Of the on-demand price, in percent. */
  spotMaxPricePercentage: number;
  timeoutSeconds: number;
  retryAttempts: number;
  /** What the service tags objects with, its `s3RetentionDays`. */
  retentionDays: number;
  logRetentionDays: number;
  workerImageTag: string;
  /** Service that starts the server's containers, which takes on its role. */
  serverPrincipal: string;
  /** Where SNS is to post completions, https. Absent: the service reads the queue alone. */
  webhookUrl?: string;
  /** Who is told of alarms, budgets and anomalies. */
  alarmEmail?: string;
  monthlyBudgetUsd: number;
  anomalyThresholdUsd: number;
  /** Target of tier 3. */
  durationP95Seconds: number;
}

const DEFAULTS: DeploymentOptions = {
  zones: 2,
  gpu: true,
  spot: true,
  spotMaxPricePercentage: 100,
  timeoutSeconds: 1800,
  retryAttempts: 3,
  retentionDays: 7,
  logRetentionDays: 7,
  workerImageTag: '1.0.0',
  serverPrincipal: 'ecs-tasks.amazonaws.com',
  monthlyBudgetUsd: 500,
  anomalyThresholdUsd: 50,
  durationP95Seconds: 60,
};

/** What AWS accepts of CloudWatch Logs, in days. */
const LOG_RETENTIONS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731];

const RANGES = {
  zones: [1, 3],
  spotMaxPricePercentage: [1, 100],
  timeoutSeconds: [60, 86_400],
  retryAttempts: [1, 10],
  retentionDays: [1, 3650],
  monthlyBudgetUsd: [1, 10_000_000],
  anomalyThresholdUsd: [1, 10_000_000],
  durationP95Seconds: [1, 86_400],
} satisfies Partial<Record<keyof DeploymentOptions, [least: number, most: number]>>;

/** Reads the options; `look` answers undefined for what is not given. Throws Error, which names every fault. */
export function readOptions(look: (key: string) => unknown): DeploymentOptions {
  const faults: string[] = [];
  const number = (key: keyof typeof RANGES): number => {
    const given = look(key);
    const value = given === undefined ? DEFAULTS[key] : Number(given);
    const [least, most]: [number, number] = RANGES[key];
    if (!Number.isInteger(value) || value < least || value > most)
      faults.push(`${key} must be a whole number from ${least} to ${most}`);
    return value;
  };
  const flag = (key: 'gpu' | 'spot'): boolean => {
    const given = look(key) ?? DEFAULTS[key];
    if (given === true || given === 'true') return true;
    if (given !== false && given !== 'false') faults.push(`${key} must be true or false`);
    return false;
  };
  const text = <T extends string | undefined>(key: string, otherwise: T, form: RegExp): string | T => {
    const given = look(key);
    if (given === undefined) return otherwise;
    if (typeof given === 'string' && form.test(given)) return given;
    faults.push(`${key} must look like ${form.source}`);
    return otherwise;
  };
  const logRetentionDays = Number(look('logRetentionDays') ?? DEFAULTS.logRetentionDays);
  if (!LOG_RETENTIONS.includes(logRetentionDays))
    faults.push(`logRetentionDays must be one of ${LOG_RETENTIONS.join(', ')}`);

  const options: DeploymentOptions = {
    zones: number('zones'),
    gpu: flag('gpu'),
    spot: flag('spot'),
    spotMaxPricePercentage: number('spotMaxPricePercentage'),
    timeoutSeconds: number('timeoutSeconds'),
    retryAttempts: number('retryAttempts'),
    retentionDays: number('retentionDays'),
    logRetentionDays,
    workerImageTag: text('workerImageTag', DEFAULTS.workerImageTag, /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/),
    serverPrincipal: text(
      'serverPrincipal',
      DEFAULTS.serverPrincipal,
      /^[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com$/,
    ),
    webhookUrl: text('webhookUrl', undefined, /^https:\/\/[^\s?#@]+$/),
    alarmEmail: text('alarmEmail', undefined, /^[^\s@]+@[^\s@]+$/),
    monthlyBudgetUsd: number('monthlyBudgetUsd'),
    anomalyThresholdUsd: number('anomalyThresholdUsd'),
    durationP95Seconds: number('durationP95Seconds'),
  };
  if (faults.length > 0) throw new Error(`Options of the deployment: ${faults.join('; ')}.`);
  return options;
}
