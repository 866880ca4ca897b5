import { Inject, Injectable, Logger } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { CONFIG, type HonuaConfig } from '../../config/index.js';
import { Database } from '../../database/index.js';
import {
  type Attempt,
  type AttemptRef,
  type InspectedInput,
  type Outcome,
  RecordOutcome,
  type RunInput,
  StartAttempt,
  type Started,
} from '../../execution/index.js';
import type { ProcessDefinition, TierName } from '../../registry/index.js';
import { AppError } from '../../shared/app-error.js';
import { limitsInDatabase } from '../policy/tenant-limits.js';
import { AT_TABLES, areInPlace } from '../admission/locality.js';
import { TenantRules } from '../policy/tenant-rules.js';
import { ReferenceFetcher } from '../references/reference-fetcher.js';
import { fallBack } from '../run/change-tier.js';
import { giveUpAttempt, type GiveUp } from '../run/give-up-attempt.js';
import type { ProcessRun } from '../run/process-run.entity.js';
import { RunAnnouncer } from '../run/run-announcer.js';
import { RunArtifacts } from '../run/run-artifacts.js';
import { entrust } from '../run/submitted-run.js';
import { attemptLimits } from './attempt-limits.js';
import { LiveAttempt } from './live-attempt.js';
import { LiveAttempts } from './live-attempts.js';

/** A claimed run with all it needs. */
export interface AttemptWork {
  run: ProcessRun;
  definition: ProcessDefinition;
  input: RunInput;
  /** The request where it is already parsed, in this process. */
  inspected?: InspectedInput;
  /** `performance.now()` from before the claim. */
  claimedAt: number;
}

/** A tier gets as much again as its own time-out, at most this, before it is ended from here. */
const LONGEST_SLACK_MS = 10_000;
const RECORD_RETRY_MS = 500;
const NO_USAGE = { wallMs: 0, cpuMs: 0 };

type Ended = Outcome | 'submitted' | 'refused' | 'stopped';

/** Runs one attempt to its end, on the first tier that takes it. Synchronous and queued runs come here alike. */
@Injectable()
export class AttemptRunner {
  private readonly log = new Logger(AttemptRunner.name);

  // oxlint-disable-next-line max-params -- what is injected, not what a caller must know
  constructor(
    @Inject(CONFIG) private readonly config: HonuaConfig,
    private readonly database: Database,
    private readonly commands: CommandBus,
    private readonly live: LiveAttempts,
    private readonly announcer: RunAnnouncer,
    private readonly artifacts: RunArtifacts,
    private readonly rules: TenantRules,
    private readonly references: ReferenceFetcher,
  ) {}

  /** Resolves when the attempt has ended and that is recorded, or is no longer ours; never rejects. */
  async run(work: AttemptWork): Promise<'ended' | 'refused'> {
    const { run, claimedAt } = work;
    const ref: AttemptRef = { runId: run.id, tenant: run.tenant, attempt: run.attempt };
    const live = new LiveAttempt(ref, run.mode === 'sync', claimedAt + this.config.scheduling.lease);
    this.live.add(live);
    const limits = attemptLimits(this.config, this.rules.limitsOf(run.tenant), run);
    const patienceMs = limits.timeoutMs + Math.min(limits.timeoutMs, LONGEST_SLACK_MS);
    const timer = setTimeout(() => void this.live.stopAttempt(live, 'timeout'), patienceMs);
    try {
      const ended = await this.onTiers(work, live, limits);
      await this.conclude(live, ended, performance.now() - claimedAt);
      return ended === 'refused' ? 'refused' : 'ended';
    } catch (error) {
      this.log.error({ err: error, runId: run.id }, 'An attempt could not be concluded; its lease will end');
      return 'ended';
    } finally {
      clearTimeout(timer);
      work.inspected?.release();
      this.live.remove(live);
    }
  }

  private async onTiers(work: AttemptWork, live: LiveAttempt, limits: Attempt['limits']): Promise<Ended> {
    const { run, definition, input, inspected } = work;
    const { tiers } = run.decision as { tiers: TierName[] };
    let refusal = '';
    let on = tiers[0]!;
    for (const tier of tiers) {
      if (live.stopping) return 'stopped';
      if (tier !== on) {
        const moved = await this.moveTo(live.ref, { from: on, to: tier, reason: refusal });
        if (moved === 'lost') return 'stopped';
        if (moved === 'full') {
          this.log.warn({ runId: run.id, tier }, 'The tenant may run no more on a tier');
          continue;
        }
        on = tier;
      }
      live.tier = tier;
      const traceparent = run.traceId && run.spanId ? `00-${run.traceId}-${run.spanId}-01` : undefined;
      const attempt: Attempt = { ...live.ref, tier, definition, input, inspected, limits, traceparent };
      const started = await Promise.race([this.start(attempt), live.stopped.then(() => undefined)]);
      if (!started) return 'stopped';
      if (started.kind === 'finished') return started.outcome;
      if (started.kind === 'submitted') {
        await this.database.asSystem((manager) => entrust(manager, live.ref));
        return 'submitted';
      }
      refusal = started.reason;
      this.log.warn({ runId: run.id, tier, reason: refusal }, 'A tier refused an attempt');
    }
    return 'refused';
  }

  private async start(attempt: Attempt): Promise<Started> {
    try {
      return await this.commands.execute(new StartAttempt(await this.withinReach(attempt)));
    } catch (error) {
      if (error instanceof AppError && error.kind === 'unavailable')
        return { kind: 'refused', reason: error.message };
      if (error instanceof AppError && error.kind === 'too-large') {
        const failure = { reason: 'too-large', message: error.message, retryable: false } as const;
        return { kind: 'finished', outcome: { kind: 'failed', failure, messages: [], usage: NO_USAGE } };
      }
      this.log.error({ err: error, runId: attempt.runId, tier: attempt.tier }, 'A tier threw');
      const failure = {
        reason: 'process-error',
        message: 'The process could not be run.',
        retryable: false,
      } as const;
      return { kind: 'finished', outcome: { kind: 'failed', failure, messages: [], usage: NO_USAGE } };
    }
  }

  /** What is left in tables is read out for a tier that does not reach into them. Throws AppError. */
  private async withinReach(attempt: Attempt): Promise<Attempt> {
    const { tier, input, tenant, attempt: number } = attempt;
    if (tier === AT_TABLES || !areInPlace(input.references)) return attempt;
    const references = await this.references.readOut(input.references!, tenant, `-${number}`);
    attempt.inspected?.release(); // it was read without the features
    const inspected = undefined;
    return { ...attempt, inspected, input: { ...input, references } };
  }

  private moveTo(
    ref: AttemptRef,
    move: { from: TierName; to: TierName; reason: string },
  ): ReturnType<typeof fallBack> {
    const limits = limitsInDatabase(this.config.limits);
    return this.database.asSystem((manager) => fallBack(manager, ref, move, limits));
  }

  private async conclude(live: LiveAttempt, ended: Ended, elapsedMs: number): Promise<void> {
    if (ended === 'submitted') return;
    if (live.stopping === 'lost') return this.artifacts.sweep(live.ref);
    if (ended === 'refused') return this.giveUp(live.ref, { lost: false, reason: 'refused' });
    const outcome =
      ended === 'stopped' || ended.kind === 'cancelled' ? this.whenStopped(live, elapsedMs) : ended;
    if (outcome === 'hand-back') return this.giveUp(live.ref, { lost: false, reason: 'shutdown' });
    return this.record(live, outcome);
  }

  /** Nobody measured what was ended: it has held its thread, or its connection, all the time. */
  private whenStopped({ stopping, tier }: LiveAttempt, wallMs: number): Outcome | 'hand-back' {
    if (stopping === 'shutdown') return 'hand-back';
    const usage = { wallMs, cpuMs: tier === 'in-process' ? wallMs : 0 };
    if (stopping !== 'timeout') return { kind: 'cancelled', usage };
    const failure = { reason: 'timeout', message: 'Job exceeded timeout limit', retryable: false } as const;
    return { kind: 'failed', failure, messages: [], usage };
  }

  private async giveUp(ref: AttemptRef, how: Pick<GiveUp, 'lost' | 'reason'>): Promise<void> {
    const maxLost = this.config.scheduling.maxLostAttempts;
    const run = await this.database.asSystem((manager) => giveUpAttempt(manager, ref, { ...how, maxLost }));
    if (run) this.announcer.moved(run);
    await this.artifacts.sweep(ref);
  }

  /** While the lease lasts the outcome is worth keeping: a database that comes back in time still gets it. */
  private async record(live: LiveAttempt, outcome: Outcome): Promise<void> {
    for (;;) {
      try {
        await this.commands.execute(new RecordOutcome(live.ref, outcome));
        return;
      } catch (error) {
        const passing = error instanceof AppError && error.kind === 'unavailable';
        if (!passing || performance.now() > live.leaseEndsAt) throw error;
        await new Promise((resolve) => setTimeout(resolve, RECORD_RETRY_MS));
      }
    }
  }
}
