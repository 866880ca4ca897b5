import type { JobExit } from '../batch-provider.js';
import type { JobDetail } from './job-detail.js';

/** Why this service ended a job; AWS says it again as the reason of its state. */
export const OUR_REASON = 'Stopped by Honua Geoprocessing';

const TIMEOUT = /^Job attempt duration exceeded timeout/;
const OUT_OF_MEMORY = /^OutOfMemory/;
/** What is said of every container that ended by itself, well or not. */
const BY_ITSELF = /^Essential container in task exited/;
/** Of a job that got no machine: there are none of its kind now, or there never will be. */
const WITHOUT_MACHINE = /^(?:CAPACITY|MISCONFIGURATION):/;

export const wasStoppedByUs = ({ statusReason }: JobDetail): boolean => statusReason === OUR_REASON;

export const gotNoMachine = ({ attempts, statusReason = '' }: JobDetail): boolean =>
  attempts.length === 0 && WITHOUT_MACHINE.test(statusReason);

/** How the program of a job ended that is over. Its last try counts; what was used, counts of all. */
export function exitOf(detail: JobDetail): JobExit {
  const last = detail.attempts.at(-1);
  const container = { ...detail.container, ...last?.container };
  const statusReason = last?.statusReason ?? detail.statusReason;
  const wallMs = detail.attempts.reduce(
    (sum, { startedAt, stoppedAt }) => sum + Math.max(0, (stoppedAt ?? 0) - (startedAt ?? stoppedAt ?? 0)),
    0,
  );
  // 0 is an exit code, and a machine that was taken away leaves none.
  const code = container.exitCode ?? undefined;
  return {
    ...(code !== undefined && { code }),
    ...stopOf(detail, container.reason),
    ...reasonOf(detail, [container.reason, statusReason, detail.statusReason]),
    wallMs,
    cpuMs: 0,
  };
}

function stopOf(detail: JobDetail, reason = ''): Pick<JobExit, 'stopped'> {
  if (wasStoppedByUs(detail)) return { stopped: 'cancelled' };
  if (TIMEOUT.test(detail.statusReason ?? '')) return { stopped: 'timeout' };
  return OUT_OF_MEMORY.test(reason) ? { stopped: 'out-of-memory' } : {};
}

/** The first that tells something. */
function reasonOf(detail: JobDetail, reasons: (string | undefined)[]): Pick<JobExit, 'reason'> {
  if (detail.status === 'SUCCEEDED') return {};
  const reason = reasons.find((one) => one !== undefined && one !== '' && !BY_ITSELF.test(one));
  return reason === undefined ? {} : { reason };
}
