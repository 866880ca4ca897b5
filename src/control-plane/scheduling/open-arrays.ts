import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { EventsHandler, type IEventHandler } from '@nestjs/cqrs';
import { CONFIG, type HonuaConfig } from '../../config/index.js';
import { Database } from '../../database/index.js';
import { RunCancelled, RunFailed, RunStarted, RunSucceeded } from '../events/run-events.js';
import { RunAnnouncer } from '../run/run-announcer.js';
import { findOpenArrays, settleArray } from '../run/settle-array.js';

/** Children that end within this time are counted together. */
const COLLECT_MS = 200;

type ChildMoved = RunStarted | RunSucceeded | RunFailed | RunCancelled;

/**
 * Keeps array runs where their children are. Whoever moved a child settles its array soon after; what nobody did, because
 * that server is gone, the sweep does.
 */
@Injectable()
@EventsHandler(RunStarted, RunSucceeded, RunFailed, RunCancelled)
export class OpenArrays implements IEventHandler<ChildMoved>, OnApplicationBootstrap, OnModuleDestroy {
  private readonly log = new Logger(OpenArrays.name);
  private readonly moved = new Set<string>();
  private settling?: Promise<void>;
  private soon?: NodeJS.Timeout;
  private sweep?: NodeJS.Timeout;
  private closed = false;

  constructor(
    @Inject(CONFIG) private readonly config: HonuaConfig,
    private readonly database: Database,
    private readonly announcer: RunAnnouncer,
  ) {}

  onApplicationBootstrap(): void {
    if (this.config.role === 'api') return;
    const look = (): void =>
      void this.database
        .asSystem(findOpenArrays)
        .then((ids) => ids.forEach((id) => this.settleSoon(id)))
        .catch((error: Error) => this.log.warn(`Array runs could not be looked for: ${error.message}`));
    this.sweep = setInterval(look, this.config.scheduling.sweepEvery);
    look();
  }

  async onModuleDestroy(): Promise<void> {
    this.closed = true;
    clearInterval(this.sweep);
    clearTimeout(this.soon);
    await this.settling;
  }

  handle({ run }: ChildMoved): void {
    if (run.parentRunId !== null) this.settleSoon(run.parentRunId);
  }

  /** Also for an array that was cancelled: its queued children have ended at once. */
  settleSoon(id: string): void {
    if (this.closed) return;
    this.moved.add(id);
    this.soon ??= setTimeout(() => {
      this.settling = this.settleAll().finally(() => {
        this.soon = undefined;
        const [next] = this.moved;
        if (next !== undefined) this.settleSoon(next);
      });
    }, COLLECT_MS);
  }

  private async settleAll(): Promise<void> {
    const ids = [...this.moved];
    this.moved.clear();
    for (const id of ids) {
      try {
        const { run, cancelled } = await this.database.asSystem((manager) => settleArray(manager, id));
        for (const child of cancelled) this.announcer.moved(child);
        if (run) this.announcer.moved(run);
      } catch (error) {
        // The sweep comes by again.
        this.log.warn({ runId: id }, `An array run could not be settled: ${(error as Error).message}`);
      }
    }
  }
}
