import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Uploads } from '../../artifacts/index.js';
import { JobQueue } from '../jobs/job-queue.js';
import { ExpiredBytes } from './expired-bytes.js';
import { ExpiredLogs } from './expired-logs.js';
import { Retention } from './retention.js';

const QUEUE = 'retention';
/** Daily, at a minute nobody else has chosen; UTC, like the months. */
const CRON = '17 3 * * *';
/** Uploads live for hours, and so may what a policy speaks of: theirs comes more often. */
const UPLOADS_QUEUE = 'expired-uploads';
const BYTES_QUEUE = 'expired-by-policy';
const LOGS_QUEUE = 'expired-logs';
const OFTEN = '*/15 * * * *';
const POLL_SECONDS = 5;

/** The cron of the service. */
@Injectable()
export class MaintenanceJobs implements OnApplicationBootstrap {
  // oxlint-disable-next-line max-params -- what is injected, not what a caller must know
  constructor(
    private readonly queue: JobQueue,
    private readonly retention: Retention,
    private readonly uploads: Uploads,
    private readonly bytes: ExpiredBytes,
    private readonly logs: ExpiredLogs,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.retention.ensurePartitions();
    if (!this.queue.works) return;
    await this.regularly(QUEUE, CRON, () => this.retention.apply());
    await this.regularly(UPLOADS_QUEUE, OFTEN, () => this.uploads.sweep());
    await this.regularly(BYTES_QUEUE, OFTEN, () => this.bytes.deleteByPolicy());
    await this.regularly(LOGS_QUEUE, OFTEN, () => this.logs.delete());
  }

  private async regularly(queue: string, cron: string, work: () => Promise<unknown>): Promise<void> {
    const { boss } = this.queue;
    await boss.createQueue(queue, { retryLimit: 3, retryBackoff: true });
    await boss.schedule(queue, cron, null, { tz: 'UTC' });
    await boss.work(queue, { pollingIntervalSeconds: POLL_SECONDS }, async () => void (await work()));
  }
}
