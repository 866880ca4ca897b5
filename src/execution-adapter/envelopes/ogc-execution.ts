import type { ExecutionWish } from '../../execution/index.js';
import { parseDuration } from '../../shared/quantities.js';
import type { Fault } from '../../shared/app-error.js';
import { pointer, type JsonObject } from './json-object.js';

const MEMBERS = ['mode', 'priority', 'deadline', 'maxQueueWait'];
const MOST = 100;
/** RFC 3339 with a zone: without one it would mean something else elsewhere. */
const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/i;

/** `execution`, an extension: how the run is to be scheduled. Its `mode` is read with that of the request. */
export function readExecution(execution: JsonObject, faults: Fault[]): ExecutionWish | undefined {
  const wish: ExecutionWish = {};
  const fault = (member: string, message: string): void =>
    void faults.push({ path: pointer('/execution', member), message });
  for (const member of Object.keys(execution))
    if (!MEMBERS.includes(member)) fault(member, `is none of ${MEMBERS.join(', ')}`);
  const { priority, deadline, maxQueueWait } = execution;
  if (typeof priority === 'number' && Number.isInteger(priority) && Math.abs(priority) <= MOST)
    wish.priority = priority;
  else if (priority !== undefined) fault('priority', `must be a whole number from -${MOST} to ${MOST}`);
  if (typeof deadline === 'string' && DATE_TIME.test(deadline) && !Number.isNaN(Date.parse(deadline)))
    wish.deadline = new Date(deadline).toISOString();
  else if (deadline !== undefined)
    fault('deadline', 'must be a date and time with a zone, such as 2026-11-26T17:00:00Z');
  const waitMs = typeof maxQueueWait === 'string' ? parseDuration(maxQueueWait) : undefined;
  if (waitMs !== undefined) wish.maxQueueWaitMs = waitMs;
  else if (maxQueueWait !== undefined) fault('maxQueueWait', 'must be a duration such as 30s, 5m or PT5M');
  return Object.keys(wish).length > 0 ? wish : undefined;
}
