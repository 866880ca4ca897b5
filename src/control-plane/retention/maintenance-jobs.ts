import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { PgBoss } from 'pg-boss';
import { CONFIG, type HonuaConfig } from '../../config/index.js';
import { Retention } from './retention.js';

const QUEUE = 'retention';
/** Daily, at a minute nobody else has chosen; UTC, like the months. */
const CRON = '17 3 * * *';
const POLL_SECONDS = 5;
const STOP_LIMIT_MS = 5_000;

/**
 * The cron of the service, once over all processes: pg-boss in a schema of its own. Runs are not its jobs, their rows are
 * their own queue.
 */
@Injectable()
export class MaintenanceJobs implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(MaintenanceJobs.name);
  private boss?: PgBoss;

  constructor(
    @Inject(CONFIG) private readonly config: HonuaConfig,
    private readonly retention: Retention,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.retention.ensurePartitions();
    if (this.config.role === 'api') return;
    const boss = new PgBoss({
      connectionString: this.config.database.url!,
      schema: this.config.processing.queue.schema,
      application_name: 'honua-jobs',
      max: 2,
    });
    // It goes on by itself after a lost connection; an unheard `error` event would end the process.
    boss.on('error', (error: Error) => this.log.warn(`The job queue has a problem: ${error.message}`));
    await boss.start();
    await boss.createQueue(QUEUE, { retryLimit: 3, retryBackoff: true });
    await boss.schedule(QUEUE, CRON, null, { tz: 'UTC' });
    await boss.work(QUEUE, { pollingIntervalSeconds: POLL_SECONDS }, async () => this.retention.apply());
    this.boss = boss;
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.boss?.stop({ graceful: true, timeout: STOP_LIMIT_MS });
  }
}
