import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { CONFIG, type HonuaConfig } from '../../config/index.js';
import { Database, Notifications } from '../../database/index.js';
import {
  CancelAttempt,
  ExecutionTiers,
  type Outcome,
  RecordOutcome,
  ReportProgress,
  type Standing,
} from '../../execution/index.js';
import { giveUpAttempt } from '../run/give-up-attempt.js';
import { RunAnnouncer } from '../run/run-announcer.js';
import { isTerminal } from '../run/run-lifecycle.js';
import { RunArtifacts } from '../run/run-artifacts.js';
import { entrust, findSubmitted, type SubmittedRun } from '../run/submitted-run.js';
import { LiveAttempts } from './live-attempts.js';

const LOOK_EVERY_MS = 1_000;
/** How a run ends that is stopped from here. */
type Ending = { kind: 'cancelled' } | Omit<Extract<Outcome, { kind: 'failed' }>, 'usage'>;

const NO_USAGE = { wallMs: 0, cpuMs: 0 };

/**
 * Looks after attempts that no server holds, because their tier has them: passes on their progress, ends them when they
 * are cancelled or their time is over, and finds out what became of those whose end nobody was told. Any server may.
 */
@Injectable()
export class SubmittedRuns implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly log = new Logger(SubmittedRuns.name);
  private readonly beingStopped = new Set<string>();
  private looking?: Promise<void>;
  private timer?: NodeJS.Timeout;
  private unsubscribe?: () => void;

  // oxlint-disable-next-line max-params -- what is injected, not what a caller must know
  constructor(
    @Inject(CONFIG) private readonly config: HonuaConfig,
    private readonly database: Database,
    private readonly notifications: Notifications,
    private readonly commands: CommandBus,
    private readonly tiers: ExecutionTiers,
    private readonly live: LiveAttempts,
    private readonly announcer: RunAnnouncer,
    private readonly artifacts: RunArtifacts,
  ) {}

  onApplicationBootstrap(): void {
    if (this.config.role === 'api') return;
    this.timer = setInterval(() => this.lookSoon(), LOOK_EVERY_MS);
    this.unsubscribe = this.notifications.subscribe('honua_cancel', () => this.lookSoon());
    this.lookSoon();
  }

  /** What is with a tier stays there. */
  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    this.unsubscribe?.();
    await this.looking;
  }

  private lookSoon(): void {
    this.looking ??= this.look()
      .catch((error: Error) => this.log.warn(`Submitted runs could not be looked after: ${error.message}`))
      .finally(() => (this.looking = undefined));
  }

  private async look(): Promise<void> {
    const submitted = await this.database.asSystem((manager) => findSubmitted(manager));
    const held = new Map(this.live.all().map(({ ref }) => [ref.runId, ref.attempt]));
    const ours = submitted.filter(
      (run) => held.get(run.runId) !== run.attempt && !this.beingStopped.has(keyOf(run)),
    );
    for (const tier of this.tiers.all()) {
      const mine = ours.filter((run) => run.tier === tier.name);
      for (const run of mine.filter(({ cancelRequested }) => cancelRequested))
        void this.stop(run, { kind: 'cancelled' });
      const others = mine.filter(({ cancelRequested }) => !cancelRequested);
      if (others.length === 0) continue;
      const standings = await tier.inspect(others);
      for (const [index, run] of others.entries())
        await this.act(run, standings[index]!).catch((error: Error) =>
          this.log.warn({ runId: run.runId }, `A submitted run could not be looked after: ${error.message}`),
        );
    }
  }

  private async act(run: SubmittedRun, standing: Standing): Promise<void> {
    if (standing.kind === 'ended') {
      await this.commands.execute(new RecordOutcome(run, standing.outcome));
    } else if (run.overdue) {
      const failure = { reason: 'timeout', message: 'Job exceeded timeout limit', retryable: false } as const;
      void this.stop(run, { kind: 'failed', failure, messages: [] });
    } else if (standing.kind === 'running') {
      const { percent, message } = standing;
      if (!run.entrusted && run.forsaken) {
        this.log.log({ runId: run.runId }, 'Took over an attempt that outlived its server');
        await this.database.asSystem((manager) => entrust(manager, run));
      }
      if (percent !== undefined) await this.commands.execute(new ReportProgress(run, percent, message));
    } else if (run.entrusted || run.forsaken) await this.giveUp(run);
  }

  /** The outcome counts once nothing works any more, with what was used until then. */
  private async stop(run: SubmittedRun, ending: Ending): Promise<void> {
    this.beingStopped.add(keyOf(run));
    try {
      await this.commands.execute(new CancelAttempt(run.tier, run));
      const [standing] = (await this.tiers.find(run.tier)?.inspect([run])) ?? [];
      const usage = standing?.kind === 'ended' ? standing.outcome.usage : NO_USAGE;
      await this.commands.execute(new RecordOutcome(run, { ...ending, usage }));
    } catch (error) {
      this.log.warn({ runId: run.runId }, `An attempt could not be stopped: ${(error as Error).message}`);
    } finally {
      this.beingStopped.delete(keyOf(run));
    }
  }

  /** Nobody knows it any more: it is marked as stopped, should it turn up after all, and tried again. */
  private async giveUp(run: SubmittedRun): Promise<void> {
    await this.commands.execute(new CancelAttempt(run.tier, run));
    const maxLost = this.config.scheduling.maxLostAttempts;
    const moved = await this.database.asSystem((manager) =>
      giveUpAttempt(manager, run, { lost: true, maxLost, reason: 'lease-expired' }),
    );
    if (!moved) return;
    this.log.warn({ runId: run.runId, attempt: run.attempt, state: moved.state }, 'An attempt was lost');
    this.announcer.moved(moved);
    await this.artifacts.sweep(run);
    if (isTerminal(moved.state)) await this.artifacts.deleteStaged(run.runId);
  }
}

const keyOf = ({ runId, attempt }: SubmittedRun): string => `${runId} ${attempt}`;
