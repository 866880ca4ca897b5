import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type HonuaConfig } from '../../config/index.js';
import { Database } from '../../database/index.js';
import type { InputLimits } from '../../execution/index.js';
import type { CatalogEntry } from '../../registry/index.js';
import type { Principal } from '../../shared/principal.js';
import { uuidV7 } from '../../shared/uuid-v7.js';
import type { AdmissionDecision, Admitted } from '../admission/admission-decision.js';
import { refusalOf } from '../admission/admission-error.js';
import type { AdmissionFacts } from '../admission/decide-admission.js';
import { decideArray } from '../admission/decide-array.js';
import { AdmissionFactsGatherer } from '../admission/gather-facts.js';
import { QueueLength } from '../admission/queue-length.js';
import type { Sent } from '../admission/read-input.js';
import type { Submission, SubmitRequest } from '../admission/submission.js';
import { limitsInDatabase } from '../policy/tenant-limits.js';
import { TenantRules } from '../policy/tenant-rules.js';
import { DefinitionSnapshots } from '../run/definition-snapshots.js';
import { draftRun } from '../run/draft-run.js';
import { bodyHash, keyMismatch } from '../run/find-keyed-run.js';
import { insertArray, type NewChild } from '../run/insert-array.js';
import type { ProcessRun } from '../run/process-run.entity.js';
import { RunAnnouncer } from '../run/run-announcer.js';
import { ArrayEntries, type ReadArray } from './array-entries.js';

type ArraySent = Sent & InputLimits & SubmitRequest;

interface DraftedArray {
  parent: Partial<ProcessRun>;
  children: NewChild[];
}

/** Admits a request for an array and records it with all its runs, or with none. */
@Injectable()
export class ArraySubmission {
  // oxlint-disable-next-line max-params -- what is injected, not what a caller must know
  constructor(
    @Inject(CONFIG) private readonly config: HonuaConfig,
    private readonly database: Database,
    private readonly entries: ArrayEntries,
    private readonly facts: AdmissionFactsGatherer,
    private readonly queue: QueueLength,
    private readonly snapshots: DefinitionSnapshots,
    private readonly rules: TenantRules,
    private readonly announcer: RunAnnouncer,
  ) {}

  /** Throws AppError as for a single request; what one entry is to blame for names its place. */
  async submit(
    principal: Principal,
    sent: ArraySent,
    { entry, facts }: { entry: CatalogEntry; facts: AdmissionFacts },
  ): Promise<Submission> {
    const array = await this.entries.read(sent, entry, facts);
    let taken = false;
    try {
      let decision = decideAll(facts, array);
      if (sent.dryRun) return { kind: 'dry-run', decision };
      await this.snapshots.keep(entry);
      for (;;) {
        if (!decision.admitted) throw refusalOf(decision);
        const drafted = this.draft(principal, sent, { entry, array, decision });
        taken = true; // should the reply be lost, it may have happened
        const inserted = await this.write(sent, drafted);
        taken = inserted.outcome === 'inserted';
        if (inserted.outcome === 'mismatch') throw keyMismatch();
        if (inserted.outcome === 'inserted') {
          this.queue.grew(principal.tenant, array.entries.length);
          this.announcer.accepted(inserted.run);
        }
        if ('run' in inserted) {
          const { run, outcome } = inserted;
          return { kind: 'run', run, request: run.responseSpec, replayed: outcome === 'replayed' };
        }
        const spending = await this.facts.spendingNow(principal.tenant);
        decision = decideAll({ ...facts, spending }, array);
      }
    } finally {
      if (!taken) await this.entries.forget(array.entries);
    }
  }

  private draft(
    principal: Principal,
    { input, traceparent, base }: ArraySent,
    { entry, array, decision }: { entry: CatalogEntry; array: ReadArray; decision: Admitted },
  ): DraftedArray {
    const { definition } = entry;
    const rules = {
      artifactRetentionMs: this.rules.policyOf(principal.tenant, definition.id).artifactRetention,
      maxQueueWaitMs: this.rules.limitsOf(principal.tenant).maxQueueWait,
    };
    const submittedAt = new Date();
    const common = { principal, entry, rules, traceparent, base, submittedAt };
    const { entries, maxFailures = null, subscriber } = array;
    const request = { ...entries[0]!.request, ...(subscriber && { subscriber }) };
    const parent = {
      ...draftRun({ ...common, decision, input, request }),
      queueUntil: null,
      arraySize: entries.length,
      maxFailures,
    };
    // Those of one moment are started by their id.
    const ids = entries.map(() => uuidV7(submittedAt)).sort();
    const children = entries.map((one, index): NewChild => {
      const own = {
        ...(one.decision as Admitted),
        ...(decision.approval && { approval: decision.approval }),
      };
      const run: Partial<ProcessRun> = {
        ...draftRun({ ...common, decision: own, input: one.input, request: one.request }),
        id: ids[index]!,
        updatedAt: submittedAt,
        eventSeq: 1,
        parentRunId: parent.id!,
        childIndex: index,
        childLabel: one.label ?? null,
      };
      const { payload } = one.input;
      return { run, ...(payload.kind === 'inline' && { input: payload.bytes }) };
    });
    return { parent, children };
  }

  private write(
    { processId, input, idempotencyKey: key }: ArraySent,
    { parent, children }: DraftedArray,
  ): ReturnType<typeof insertArray> {
    const { limits, scheduling } = this.config;
    const made = {
      run: parent,
      input: input.payload.kind === 'inline' ? input.payload.bytes : undefined,
      idempotency: key === undefined ? undefined : { key, bodyHash: bodyHash(processId, input) },
    };
    const rules = { limits: limitsInDatabase(limits), leaseMs: scheduling.lease };
    return this.database.asSystem((manager) => insertArray(manager, made, children, rules));
  }
}

/** The first entry that is refused decides; so does their sum. */
function decideAll(facts: AdmissionFacts, { entries }: ReadArray): AdmissionDecision {
  const refused = entries.findIndex(({ decision }) => !decision.admitted);
  const { decision } = entries[Math.max(refused, 0)]!;
  if (!decision.admitted) return { ...decision, reason: `/array/${refused}: ${decision.reason}` };
  return decideArray(
    facts,
    entries.map((one) => one.decision as Admitted),
  );
}
