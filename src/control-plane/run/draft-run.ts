import type { RequestOptions, RunInput } from '../../execution/index.js';
import type { CatalogEntry } from '../../registry/index.js';
import type { Principal } from '../../shared/principal.js';
import { uuidV7 } from '../../shared/uuid-v7.js';
import type { Admitted } from '../admission/admission-decision.js';
import type { ProcessRun } from './process-run.entity.js';
import { RUN_LIFETIME_MS } from './run-window.js';
import { toStored } from './stored-input.js';
import { WORKER_NAME } from './worker-name.js';

interface Drafted {
  principal: Principal;
  entry: CatalogEntry;
  decision: Admitted;
  input: RunInput;
  request: RequestOptions;
  /** Of the policies and limits of the tenant. */
  rules: { artifactRetentionMs?: number; maxQueueWaitMs: number | null };
  traceparent?: string;
  base?: string;
  /** When it is submitted; now, where nobody says. */
  submittedAt?: Date;
}

/** A run as it is first written: a synchronous one is claimed by this process from the start. */
export function draftRun({
  principal,
  entry,
  decision,
  input,
  request,
  rules,
  traceparent,
  base,
  submittedAt = new Date(),
}: Drafted): Partial<ProcessRun> {
  const { definition, hash } = entry;
  const { priority = 0 } = request.execution ?? {};
  const sync = decision.mode === 'sync';
  return {
    id: uuidV7(submittedAt),
    submittedAt,
    ...momentsOf({ request, rules }, submittedAt, sync),
    tenant: principal.tenant,
    user: principal.user,
    processId: definition.id,
    processVersion: definition.version,
    definitionHash: hash,
    resourceClass: decision.resourceClass,
    lane: decision.lane,
    mode: decision.mode,
    surface: input.surface,
    state: sync ? 'running' : 'queued',
    // The queue starts the lowest first.
    priority: priority === 0 ? 0 : -priority,
    attempt: sync ? 1 : 0,
    lostAttempts: 0,
    worker: sync ? WORKER_NAME : null,
    tier: sync ? decision.tiers[0]! : null,
    decision,
    responseSpec: request.subscriber && base !== undefined ? { ...request, base } : request,
    input: toStored(input),
    policyVersion: decision.policyVersion ?? null,
    approval: decision.approval?.state ?? null,
    estimatedCostUnits: decision.estimatedCostUnits,
    progress: 0,
    ...traceOf(traceparent),
  };
}

type Moments = Pick<ProcessRun, 'deadlineAt' | 'queueUntil' | 'artifactsUntil'>;

/** Until when a run may take, wait and be kept: by what was asked for, within what its tenant may have. */
function momentsOf(
  { request, rules }: Pick<Drafted, 'request' | 'rules'>,
  from: Date,
  sync: boolean,
): Moments {
  const after = (ms: number): Date => new Date(from.getTime() + ms);
  const { deadline, maxQueueWaitMs } = request.execution ?? {};
  const wait = Math.min(maxQueueWaitMs ?? Infinity, rules.maxQueueWaitMs ?? Infinity);
  const lastMoment = after(RUN_LIFETIME_MS);
  const wished = deadline === undefined ? lastMoment : new Date(deadline);
  return {
    deadlineAt: wished < lastMoment ? wished : lastMoment,
    queueUntil: !sync && wait < RUN_LIFETIME_MS ? after(wait) : null,
    artifactsUntil: rules.artifactRetentionMs === undefined ? null : after(rules.artifactRetentionMs),
  };
}

/** By the caller's traceparent (W3C Trace Context), where there is one. */
function traceOf(traceparent = ''): Pick<ProcessRun, 'traceId' | 'spanId'> {
  const [, traceId = null, spanId = null] = /^00-([0-9a-f]{32})-([0-9a-f]{16})-/.exec(traceparent) ?? [];
  return { traceId, spanId };
}
