import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type BeforeApplicationShutdown,
  type OnModuleDestroy,
} from '@nestjs/common';
import { CONFIG, type HonuaConfig } from '../../config/index.js';
import { Database } from '../../database/index.js';
import { ExecutionTiers } from '../../execution/index.js';
import { TenantRules } from '../policy/tenant-rules.js';
import { DefinitionSnapshots } from '../run/definition-snapshots.js';
import { RunAnnouncer } from '../run/run-announcer.js';
import { RunArtifacts } from '../run/run-artifacts.js';
import { sweepRuns } from '../run/sweep-runs.js';
import { WORKER_NAME } from '../run/worker-name.js';
import { AttemptRunner } from './attempt-runner.js';
import { DrainedTiers } from './drained-tiers.js';
import { LaneWakes } from './lane-wakes.js';
import { LaneWorker } from './lane-worker.js';
import { LiveAttempts } from './live-attempts.js';

/** Starts a worker per lane and the sweep behind them; at shutdown it lets work end, then hands back the rest. */
@Injectable()
export class Scheduler implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown {
  private readonly log = new Logger(Scheduler.name);
  private workers: LaneWorker[] = [];
  private sweeping?: NodeJS.Timeout;

  // oxlint-disable-next-line max-params -- what is injected, not what a caller must know
  constructor(
    @Inject(CONFIG) private readonly config: HonuaConfig,
    private readonly database: Database,
    private readonly tiers: ExecutionTiers,
    private readonly lanes: LaneWakes,
    private readonly snapshots: DefinitionSnapshots,
    private readonly runner: AttemptRunner,
    private readonly live: LiveAttempts,
    private readonly announcer: RunAnnouncer,
    private readonly artifacts: RunArtifacts,
    private readonly drained: DrainedTiers,
    private readonly rules: TenantRules,
  ) {}

  /** Every tier has entered itself by now. A process that only serves claims nothing, but sweeps like the others. */
  onApplicationBootstrap(): void {
    this.sweeping = setInterval(() => void this.sweep(), this.config.scheduling.sweepEvery);
    if (this.config.role === 'api') return;
    const { config, database, snapshots, runner, announcer, drained } = this;
    for (const tier of this.tiers.all()) {
      const worker = new LaneWorker(tier, WORKER_NAME, {
        config,
        database,
        snapshots,
        runner,
        announcer,
        drained,
      });
      this.lanes.onWake(tier.name, worker.wake);
      this.workers.push(worker);
    }
    // What was held back may go now.
    for (const decided of [this.drained, this.rules]) decided.onChange(() => this.lanes.wakeAll());
  }

  /** First of all at shutdown, while tiers and database still work. */
  async onModuleDestroy(): Promise<void> {
    this.live.draining = true;
    clearInterval(this.sweeping);
    await Promise.all(this.workers.map((worker) => worker.stop()));
    if (this.live.count > 0) this.log.log(`Waiting for ${this.live.count} running attempt(s)`);
    await this.live.drained(this.config.server.shutdownGrace);
  }

  /** What did not end in time goes back to the queue, not counted as lost; another process takes it at once. */
  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.live.all().map((attempt) => this.live.stopAttempt(attempt, 'shutdown')));
    await this.live.drained(HAND_BACK_LIMIT_MS);
  }

  private async sweep(): Promise<void> {
    try {
      const moved = await this.database.asSystem((manager) =>
        sweepRuns(manager, this.config.scheduling.maxLostAttempts),
      );
      for (const run of moved) {
        this.log.warn({ runId: run.id, attempt: run.attempt, state: run.state }, 'An attempt was lost');
        this.announcer.moved(run);
        if (run.state !== 'queued')
          await this.artifacts.sweepEarlier({ runId: run.id, tenant: run.tenant, attempt: run.attempt + 1 });
      }
    } catch (error) {
      this.log.warn(`The sweep failed: ${(error as Error).message}`);
    }
  }
}

const HAND_BACK_LIMIT_MS = 5_000;
