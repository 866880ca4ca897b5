/** What AWS refuses, from the API reference of SubmitJob and the service quotas. */
import type { EvaluateOnExit, FakeDefinition, FakeQueue, Submission } from './fake-job.js';

/** An answer that is an error, by the names AWS has for it. */
export class Refusal extends Error {
  constructor(
    readonly status: 400 | 403 | 429 | 500,
    readonly type: string,
    message: string,
  ) {
    super(message);
  }
}

export const clientError = (message: string): Refusal => new Refusal(400, 'ClientException', message);

const MOST_PAYLOAD_BYTES = 30 * 1024;
const LONGEST_OVERRIDES = 8192;
const JOB_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/;
/** Letters, digits, `.`, `:` and white space, with a star at the end alone; reasons may be up to 512 long. */
const GLOB = /^[A-Za-z0-9.:\s]*\*?$/;
const EXIT_GLOB = /^\d*\*?$/;

/** Throws Refusal as SubmitJob would. */
export function checkSubmission(
  given: Submission,
  bytes: number,
  queue: FakeQueue | undefined,
  definition: FakeDefinition | undefined,
): void {
  if (bytes > MOST_PAYLOAD_BYTES) throw clientError(`Request payload of ${bytes} bytes is over 30 KiB.`);
  if (!JOB_NAME.test(given.jobName ?? '')) throw clientError(`Job name ${given.jobName} is not valid.`);
  if (!queue) throw clientError(`JobQueue ${given.jobQueue} not found.`);
  if (!definition) throw clientError(`JobDefinition ${given.jobDefinition} not found.`);
  const { attempts = 1, evaluateOnExit = [] } = given.retryStrategy ?? {};
  if (!Number.isInteger(attempts) || attempts < 1 || attempts > 10)
    throw clientError('attempts must be between 1 and 10.');
  if (evaluateOnExit.length > 5) throw clientError('At most 5 evaluateOnExit are allowed.');
  if (evaluateOnExit.length > 0 && given.retryStrategy?.attempts === undefined)
    throw clientError('evaluateOnExit needs attempts.');
  evaluateOnExit.forEach(checkRule);
  const seconds = given.timeout?.attemptDurationSeconds;
  if (seconds !== undefined && (!Number.isInteger(seconds) || seconds < 60))
    throw clientError('attemptDurationSeconds must be at least 60.');
  const size = given.arrayProperties?.size;
  if (size !== undefined && (!Number.isInteger(size) || size < 2 || size > 10_000))
    throw clientError('The size of an array must be between 2 and 10000.');
  if ((given.dependsOn?.length ?? 0) > 20) throw clientError('At most 20 dependencies are allowed.');
  checkShare(given.shareIdentifier, queue);
  if (Object.keys(given.tags ?? {}).length > 50) throw clientError('At most 50 tags are allowed.');
  for (const { name } of given.containerOverrides?.environment ?? [])
    if (name.startsWith('AWS_BATCH')) throw clientError(`Variables named ${name} are reserved.`);
}

/** Why a job that was accepted fails at once. */
export function failsAtOnce({ containerOverrides }: Submission): string | undefined {
  const length = JSON.stringify(containerOverrides ?? {}).length;
  return length > LONGEST_OVERRIDES
    ? `Container Overrides length must be at most ${LONGEST_OVERRIDES}`
    : undefined;
}

function checkRule({ action, onStatusReason, onReason, onExitCode }: EvaluateOnExit): void {
  if (!/^(RETRY|EXIT)$/i.test(action ?? '')) throw clientError('action must be RETRY or EXIT.');
  for (const glob of [onStatusReason, onReason])
    if (glob !== undefined && (glob.length > 512 || !GLOB.test(glob)))
      throw clientError(`${glob} is no valid pattern.`);
  if (onExitCode !== undefined && !EXIT_GLOB.test(onExitCode))
    throw clientError(`${onExitCode} is no valid exit code.`);
}

function checkShare(identifier: string | undefined, queue: FakeQueue): void {
  if (queue.hasPolicy && identifier === undefined)
    throw clientError('shareIdentifier must be specified: the queue has a scheduling policy.');
  if (!queue.hasPolicy && identifier !== undefined)
    throw clientError('shareIdentifier cannot be specified: the queue has no scheduling policy.');
  if (identifier !== undefined && !/^[A-Za-z0-9]{1,255}$/.test(identifier))
    throw clientError('shareIdentifier must be alphanumeric.');
}

/** Whether the rules of a job have it tried again: the first that matches decides, and none that matches means yes. */
export function retries(
  rules: EvaluateOnExit[],
  { statusReason, reason, exitCode }: { statusReason?: string; reason?: string; exitCode?: number },
): boolean {
  const rule = rules.find(
    (one) =>
      matches(one.onStatusReason, statusReason) &&
      matches(one.onReason, reason) &&
      matches(one.onExitCode, exitCode === undefined ? undefined : String(exitCode)),
  );
  return rule === undefined || rule.action.toUpperCase() === 'RETRY';
}

function matches(glob: string | undefined, text: string | undefined): boolean {
  if (glob === undefined) return true;
  // A pattern of a star alone is what an EXIT for all the rest is written with: it also fits what is absent.
  if (glob === '*') return true;
  if (text === undefined) return false;
  return glob.endsWith('*') ? text.startsWith(glob.slice(0, -1)) : text === glob;
}
