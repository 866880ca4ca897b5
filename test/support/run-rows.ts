import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import type { EntityManager } from 'typeorm';
import { loadConfig } from '../../src/config/index.js';
import type { TenantLimits } from '../../src/control-plane/policy/tenant-limits.js';
import { writeRule } from '../../src/control-plane/policy/write-rule.js';
import { claimRun, type Claim } from '../../src/control-plane/run/claim-run.js';
import { finishRun } from '../../src/control-plane/run/finish-run.js';
import {
  insertRun,
  type Inserted,
  type NewRun,
  type SlotRules,
} from '../../src/control-plane/run/insert-run.js';
import type { ProcessRun } from '../../src/control-plane/run/process-run.entity.js';
import type { AttemptRef } from '../../src/execution/index.js';
import { uuidV7 } from '../../src/shared/uuid-v7.js';

export const RULES: SlotRules = { limits: { maxConcurrentJobs: 2 }, leaseMs: 30_000 };
/** As it comes. */
export const CONFIGURED = loadConfig(resolve(import.meta.dirname, '../../config'), {});
export const PRICES = CONFIGURED.cost;
const usage = { wallMs: 1, cpuMs: 1 };

/** A run as admission would draft it; queued, unless told otherwise. */
export function aRun(over: Partial<ProcessRun> = {}): Partial<ProcessRun> {
  const submittedAt = over.submittedAt ?? new Date();
  return {
    id: uuidV7(submittedAt),
    submittedAt,
    deadlineAt: new Date(submittedAt.getTime() + 86_400_000),
    tenant: 'acme',
    user: 'tester',
    processId: 'probe',
    processVersion: '1.0.0',
    definitionHash: 'none',
    resourceClass: 'CpuBurst',
    lane: 'in-process',
    mode: 'async',
    surface: 'ogc-processes',
    state: 'queued',
    priority: 0,
    attempt: 0,
    lostAttempts: 0,
    decision: {
      admitted: true,
      mode: 'async',
      tiers: ['in-process'],
      rejectedTiers: [],
      resourceClass: 'CpuBurst',
      lane: 'in-process',
      estimatedCostUnits: 1,
      reason: 'a test',
    },
    responseSpec: { response: 'raw' },
    input: { size: 2, sha256: 'none', mediaType: 'application/json' },
    estimatedCostUnits: 1,
    progress: 0,
    ...over,
  };
}

/** As a synchronous request starts it: claimed by its own insert. */
export const aSyncRun = (over: Partial<ProcessRun> = {}): Partial<ProcessRun> =>
  aRun({ mode: 'sync', state: 'running', attempt: 1, worker: 'sync', tier: 'in-process', ...over });

export const insert = (
  manager: EntityManager,
  run: Partial<ProcessRun>,
  over: Partial<NewRun> = {},
  rules = RULES,
): Promise<Inserted> => insertRun(manager, { run, input: Buffer.from('{}'), ...over }, rules);

export const claim = (manager: EntityManager, lane = 'in-process', rules = RULES): Promise<Claim> =>
  claimRun(manager, lane, `worker-${randomUUID().slice(0, 4)}`, rules);

/** The next run, or a failure of the test. */
export async function claimed(manager: EntityManager, lane?: string, rules?: SlotRules): Promise<ProcessRun> {
  for (;;) {
    const answer = await claim(manager, lane, rules);
    if (answer.outcome === 'claimed') return answer.run;
    if (answer.outcome === 'none') throw new Error('Nothing could be claimed');
  }
}

export const refOf = (run: ProcessRun): AttemptRef => ({
  runId: run.id,
  tenant: run.tenant,
  attempt: run.attempt,
});

export const succeedRun = (manager: EntityManager, ref: AttemptRef): Promise<unknown> =>
  finishRun(
    manager,
    ref,
    { state: 'succeeded', outputs: [], inline: new Map(), messages: [], usage },
    PRICES,
  );

export const eventKinds = async (manager: EntityManager, runId: string): Promise<string[]> =>
  (
    await manager.query<{ kind: string }[]>(
      'select kind from process_run_events where run_id = $1 order by seq',
      [runId],
    )
  ).map(({ kind }) => kind);

/** Limits of a tenant's own, as an operator sets them. */
export const setLimits = (manager: EntityManager, tenant: string, limits: TenantLimits): Promise<unknown> =>
  writeRule(manager, { tenant, kind: 'limits' }, { value: limits, who: 'a test' });
