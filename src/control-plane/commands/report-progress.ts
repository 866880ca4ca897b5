import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { CONFIG, type HonuaConfig } from '../../config/index.js';
import { Database } from '../../database/index.js';
import { ReportProgress } from '../../execution/index.js';
import { reportProgress } from '../run/report-progress.js';
import { RunAnnouncer } from '../run/run-announcer.js';

/** Progress is written at most once per `progressEvery` and run; what comes in between is dropped, more will follow. */
@CommandHandler(ReportProgress)
export class ReportProgressHandler implements ICommandHandler<ReportProgress> {
  private readonly lastAt = new Map<string, number>();

  constructor(
    @Inject(CONFIG) private readonly config: HonuaConfig,
    private readonly database: Database,
    private readonly announcer: RunAnnouncer,
  ) {}

  async execute({ attempt, percent, message }: ReportProgress): Promise<void> {
    const whole = Math.min(100, Math.max(0, Math.floor(percent)));
    if (!this.isDue(attempt.runId)) return;
    const run = await this.database.asSystem((manager) => reportProgress(manager, attempt, whole, message));
    if (run) this.announcer.touched(run);
  }

  private isDue(runId: string): boolean {
    const now = performance.now();
    const every = this.config.scheduling.progressEvery;
    for (const [id, at] of this.lastAt) {
      if (now - at < every) break; // in the order of their times
      this.lastAt.delete(id);
    }
    if (this.lastAt.has(runId)) return false;
    this.lastAt.set(runId, now);
    return true;
  }
}
