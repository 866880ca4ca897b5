import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { JobQueue } from '../jobs/job-queue.js';
import { Retention } from './retention.js';

const QUEUE = 'retention';
/** Daily, at a minute nobody else has chosen; UTC, like the months. */
const CRON = '17 3 * * *';
const POLL_SECONDS = 5;

/** The cron of the service. */
@Injectable()
export class MaintenanceJobs implements OnApplicationBootstrap {
  constructor(
    private readonly queue: JobQueue,
    private readonly retention: Retention,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.retention.ensurePartitions();
    if (!this.queue.works) return;
    const { boss } = this.queue;
    await boss.createQueue(QUEUE, { retryLimit: 3, retryBackoff: true });
    await boss.schedule(QUEUE, CRON, null, { tz: 'UTC' });
    await boss.work(QUEUE, { pollingIntervalSeconds: POLL_SECONDS }, async () => this.retention.apply());
  }
}
