import { Inject, Logger } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { CONFIG, type HonuaConfig } from '../../config/index.js';
import { Database } from '../../database/index.js';
import { ArrayRequested, type FetchedReference, type InspectedInput } from '../../execution/index.js';
import { OutboundHttp } from '../../outbound-http/index.js';
import { Catalog, type CatalogEntry } from '../../registry/index.js';
import type { Principal } from '../../shared/principal.js';
import type { AdmissionDecision, Admitted } from '../admission/admission-decision.js';
import type { Submission, SubmitRequest } from '../admission/submission.js';
import { refusalOf } from '../admission/admission-error.js';
import { type AdmissionFacts, decideAdmission } from '../admission/decide-admission.js';
import { BudgetWarnings } from '../admission/budget-warnings.js';
import { checkDeadline } from '../admission/check-deadline.js';
import { AdmissionFactsGatherer } from '../admission/gather-facts.js';
import { AT_TABLES, type Locality, localityOf } from '../admission/locality.js';
import { QueueLength } from '../admission/queue-length.js';
import { ReadInput } from '../admission/read-input.js';
import { TierSelector } from '../admission/tier-selector.js';
import { ArraySubmission } from '../arrays/array-submission.js';
import { checkSubscriber } from '../callbacks/check-subscriber.js';
import { limitsInDatabase } from '../policy/tenant-limits.js';
import { TenantRules } from '../policy/tenant-rules.js';
import { ReferenceFetcher } from '../references/reference-fetcher.js';
import { DefinitionSnapshots } from '../run/definition-snapshots.js';
import { draftRun } from '../run/draft-run.js';
import { bodyHash, findKeyedRun, keyMismatch } from '../run/find-keyed-run.js';
import { type Inserted, insertRun } from '../run/insert-run.js';
import type { ProcessRun } from '../run/process-run.entity.js';
import { RunAnnouncer } from '../run/run-announcer.js';
import { AttemptRunner } from '../scheduling/attempt-runner.js';
import { LiveAttempts } from '../scheduling/live-attempts.js';

/** Admit a request and record its run; a synchronous one is started here, an asynchronous one queued. */
export class SubmitRun extends Command<Submission> {
  constructor(
    readonly principal: Principal,
    readonly request: SubmitRequest,
  ) {
    super();
  }
}

interface Admission {
  principal: Principal;
  /** With everything that its input names. */
  request: SubmitRequest;
  entry: CatalogEntry;
  inspected: InspectedInput;
  facts: AdmissionFacts;
}

/** What became of what was made for a run. A write whose reply was lost may have happened: then nothing is deleted. */
interface Fate {
  parsed: 'unused' | 'taken';
  references: 'unused' | 'perhaps taken';
}

/** As long as it is not known which layers a request names: they may all be in the database of the service. */
const LAYERS_HERE: Locality = { outOfReach: {}, nearest: AT_TABLES };

@CommandHandler(SubmitRun)
export class SubmitRunHandler implements ICommandHandler<SubmitRun> {
  // oxlint-disable-next-line max-params -- what is injected, not what a caller must know
  constructor(
    @Inject(CONFIG) private readonly config: HonuaConfig,
    private readonly database: Database,
    private readonly catalog: Catalog,
    private readonly reading: ReadInput,
    private readonly facts: AdmissionFactsGatherer,
    private readonly queue: QueueLength,
    private readonly snapshots: DefinitionSnapshots,
    private readonly runner: AttemptRunner,
    private readonly live: LiveAttempts,
    private readonly announcer: RunAnnouncer,
    private readonly outbound: OutboundHttp,
    private readonly references: ReferenceFetcher,
    private readonly rules: TenantRules,
    private readonly selector: TierSelector,
    private readonly told: BudgetWarnings,
    private readonly arrays: ArraySubmission,
  ) {}

  private readonly log = new Logger(SubmitRun.name);

  async execute({ principal, request }: SubmitRun): Promise<Submission> {
    const entry = this.catalog.get(request.processId);
    const earlier = await this.findEarlier(principal, request);
    if (earlier) return { kind: 'run', run: earlier, request: earlier.responseSpec, replayed: true };
    const facts = await this.facts.gather(principal.tenant, entry.definition, {
      mode: request.mode,
      syncSlotFree: this.live.syncSlotFree,
    });
    const early = decideAdmission(facts, this.selector);
    if (!early.admitted) return this.refused(early, request);

    const { maxInputFeatures: maxFeatures, maxInputVertices: maxVertices } = facts.limits;
    const goesToData = (references: FetchedReference[]): boolean => {
      const known = references.length > 0 ? localityOf(entry.definition, references) : LAYERS_HERE;
      return this.selector.select({ ...facts, locality: known }).tiers[0] === AT_TABLES;
    };
    const sent = { tenant: principal.tenant, goesToData, ...request };
    const limits = { maxFeatures, maxVertices };
    const read = await this.reading.read(sent, entry.definition, limits).catch((error: unknown) => {
      if (ArrayRequested.is(error)) return undefined;
      throw error;
    });
    if (!read) return this.arrays.submit(principal, { ...sent, ...limits }, { entry, facts });
    const { input, inspected } = read;
    const admission: Admission = { principal, request: { ...request, input }, entry, inspected, facts };
    const fate = { parsed: 'unused', references: 'unused' } as Fate;
    try {
      return await this.admit(admission, fate);
    } finally {
      if (fate.parsed === 'unused') inspected.release();
      if (fate.references === 'unused') await this.references.forget(input.references);
    }
  }

  private async admit(
    { principal, request, entry, inspected, facts }: Admission,
    fate: Fate,
  ): Promise<Submission> {
    checkSubscriber(inspected.request.subscriber, this.outbound);
    const { mode, execution } = inspected.request;
    checkDeadline(execution?.deadline);
    const known: AdmissionFacts = {
      ...facts,
      wanted: facts.wanted === 'async' ? 'async' : (mode ?? facts.wanted),
      priority: execution?.priority,
      locality: localityOf(entry.definition, request.input.references),
      summary: inspected.summary,
    };
    const decision = decideAdmission(known, this.selector);
    if (request.dryRun || !decision.admitted) return this.refused(decision, request);
    fate.references = 'perhaps taken';
    const { inserted, claimedAt } = await this.insert(principal, request, {
      entry,
      inspected,
      facts: known,
      decision,
    });
    if (inserted.outcome !== 'inserted') fate.references = 'unused';
    if (inserted.outcome === 'mismatch') throw keyMismatch();
    const { run } = inserted;
    const replayed = inserted.outcome === 'replayed';
    if (!replayed) {
      this.announcer.accepted(run);
      this.tell(run, inserted.run.decision as Admitted);
    }
    if (!replayed && run.state === 'running') {
      fate.parsed = 'taken';
      const { definition } = entry;
      void this.runner.run({ run, definition, input: request.input, inspected, claimedAt });
    }
    return { kind: 'run', run, request: replayed ? run.responseSpec : inspected.request, replayed };
  }

  /** A dry run is answered with whatever was decided; anything else that was not admitted is refused. */
  private refused(decision: AdmissionDecision, request: SubmitRequest): Submission {
    if (request.dryRun) return { kind: 'dry-run', decision };
    if (decision.admitted) throw new Error('An admitted request was refused');
    throw refusalOf(decision);
  }

  /** Never a silent downgrade: who was passed over is in the log, as it is on the run. */
  private tell({ id, tenant }: ProcessRun, { rejectedTiers, tiers, warnings }: Admitted): void {
    if (rejectedTiers.length > 0) this.log.log({ runId: id, tiers, rejectedTiers }, 'Tiers were passed over');
    if (warnings) this.told.nearlySpent(tenant, warnings[0]!);
  }

  private async findEarlier(principal: Principal, request: SubmitRequest): Promise<ProcessRun | undefined> {
    const { idempotencyKey: key, processId, input, dryRun } = request;
    if (key === undefined || dryRun) return undefined;
    return this.database.asSystem((manager) =>
      findKeyedRun(manager, principal.tenant, { key, bodyHash: bodyHash(processId, input) }),
    );
  }

  /**
   * A synchronous run that finds its tenant's slots taken is decided again, and then waits like any other; so is one for
   * which the budget does not suffice any more, and then it is refused.
   */
  private async insert(
    principal: Principal,
    request: SubmitRequest,
    made: { entry: CatalogEntry; inspected: InspectedInput; facts: AdmissionFacts; decision: Admitted },
  ): Promise<{ inserted: Exclude<Inserted, { outcome: 'no-slot' | 'over-budget' }>; claimedAt: number }> {
    const { entry, inspected } = made;
    let { facts } = made;
    await this.snapshots.keep(entry);
    let decision: AdmissionDecision = made.decision;
    for (;;) {
      if (!decision.admitted) this.refused(decision, request);
      const claimedAt = performance.now();
      const inserted = await this.write(principal, request, {
        entry,
        inspected,
        decision: decision as Admitted,
      });
      const { outcome } = inserted;
      if (outcome !== 'no-slot' && outcome !== 'over-budget') return { inserted, claimedAt };
      if (outcome === 'no-slot') facts = { ...facts, syncSlotFree: false };
      else facts = { ...facts, spending: await this.facts.spendingNow(principal.tenant) };
      decision = decideAdmission(facts, this.selector);
    }
  }

  private async write(
    principal: Principal,
    request: SubmitRequest,
    made: { entry: CatalogEntry; inspected: InspectedInput; decision: Admitted },
  ): Promise<Inserted> {
    const { input, idempotencyKey: key, processId, traceparent, base } = request;
    const { limits, scheduling } = this.config;
    const rules = {
      artifactRetentionMs: this.rules.policyOf(principal.tenant, made.entry.definition.id).artifactRetention,
      maxQueueWaitMs: this.rules.limitsOf(principal.tenant).maxQueueWait,
    };
    const { request: options } = made.inspected;
    const run = draftRun({ principal, input, traceparent, base, request: options, rules, ...made });
    const inserted = await this.database.asSystem((manager) =>
      insertRun(
        manager,
        {
          run,
          input: input.payload.kind === 'inline' ? input.payload.bytes : undefined,
          idempotency: key === undefined ? undefined : { key, bodyHash: bodyHash(processId, input) },
        },
        { limits: limitsInDatabase(limits), leaseMs: scheduling.lease },
      ),
    );
    if (inserted.outcome === 'inserted' && run.state === 'queued') this.queue.grew(principal.tenant);
    return inserted;
  }
}
