import type { ProcessRun, RunEvent } from '../../../control-plane/index.js';
import type { TierName } from '../../../registry/index.js';
import type { RunStatus } from '../status-info.js';

/** What the run looked like right after an event of its ledger. */
export interface Moment {
  seq: number;
  status: RunStatus;
  terminal: boolean;
}

/** Retells a run from its ledger, event by event; feed it every event from the first. */
export class RunMoments {
  private status: RunStatus;

  constructor({ id, processId, submittedAt }: Pick<ProcessRun, 'id' | 'processId' | 'submittedAt'>) {
    this.status = {
      id,
      processId,
      submittedAt,
      state: 'queued',
      updatedAt: submittedAt,
      progress: 0,
      cancelRequestedAt: null,
      dismissedAt: null,
      startedAt: null,
      completedAt: null,
      message: null,
      tier: null,
      failure: null,
    };
  }

  next(event: RunEvent): Moment {
    this.status = { ...this.status, ...changes(event), updatedAt: event.at };
    return { seq: event.seq, status: this.status, terminal: ENDS.has(event.kind) };
  }
}

const ENDS = new Set<RunEvent['kind']>(['succeeded', 'failed', 'cancelled', 'dismissed']);

// oxlint-disable-next-line complexity -- one line for each kind
function changes({ kind, at, data }: RunEvent): Partial<RunStatus> {
  const message = typeof data.message === 'string' ? { message: data.message } : {};
  switch (kind) {
    case 'accepted':
      return { state: 'queued', ...(data.approval === 'pending' && { approval: 'pending' }), ...message };
    case 'started':
      return { state: 'running', startedAt: at, progress: 0, ...tierOf(data), ...message };
    case 'progressed':
      return { ...(typeof data.progress === 'number' && { progress: data.progress }), ...message };
    case 'requeued':
      return { state: 'queued', startedAt: null, progress: 0, message: null };
    case 'approved':
      return { approval: 'approved' };
    case 'fell-back':
      return { ...tierOf(data), progress: 0 };
    case 'cancel-requested':
      return { cancelRequestedAt: at };
    case 'succeeded':
      return { state: 'succeeded', completedAt: at, progress: 100 };
    case 'failed':
      return { state: 'failed', completedAt: at, failure: { reason: 'process-error', message: '', ...data } };
    case 'cancelled':
      return { state: 'cancelled', completedAt: at };
    case 'dismissed':
      return { dismissedAt: at };
    case 'callback-failed':
      return {};
  }
}

const tierOf = ({ tier }: RunEvent['data']): Partial<RunStatus> =>
  typeof tier === 'string' ? { tier: tier as TierName } : {};
