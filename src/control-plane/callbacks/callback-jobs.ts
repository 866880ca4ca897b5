import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import type { Job, JobResult } from 'pg-boss';
import { CONFIG, type HonuaConfig } from '../../config/index.js';
import { Database } from '../../database/index.js';
import { JobQueue } from '../jobs/job-queue.js';
import { type CallbackJob, DeliverCallback } from './deliver-callback.js';
import { recordFailedCallback } from './record-failed-callback.js';

const QUEUE = 'callbacks';
const DEAD_LETTERS = 'callbacks-failed';
const POLL_SECONDS = 1;
/** Deliveries at once in this process, and of one tenant: its slow receivers hold up nobody else. */
const AT_ONCE = 8;
const AT_ONCE_PER_TENANT = 4;
/** A worker that has vanished is noticed this long after its delivery should have ended. */
const EXPIRY_MARGIN_MS = 5_000;

const seconds = (ms: number): number => Math.max(1, Math.ceil(ms / 1_000));

/** Delivers what runs have queued for their subscribers, again and again where that fails, at longer and longer distances. */
@Injectable()
export class CallbackJobs implements OnApplicationBootstrap {
  private readonly log = new Logger(CallbackJobs.name);
  /** The last delivery of each run under way here: what a receiver hears of a run comes in its order. */
  private readonly underWay = new Map<string, Promise<unknown>>();

  constructor(
    @Inject(CONFIG) private readonly config: HonuaConfig,
    private readonly queue: JobQueue,
    private readonly database: Database,
    private readonly delivery: DeliverCallback,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { boss, schema, works } = this.queue;
    const { timeout, retries, firstRetry, longestRetry } = this.config.callbacks;
    const options = {
      retryLimit: retries,
      retryDelay: seconds(firstRetry),
      retryDelayMax: seconds(longestRetry),
      retryBackoff: true,
      expireInSeconds: seconds(timeout + EXPIRY_MARGIN_MS),
      deadLetter: DEAD_LETTERS,
    };
    await boss.createQueue(DEAD_LETTERS, { retryLimit: 10, retryDelay: 10, retryBackoff: true });
    await boss.createQueue(QUEUE, options);
    await boss.updateQueue(QUEUE, options); // it may be there with older settings
    await this.database.asSystem((manager) =>
      manager.query(
        `insert into callback_queue (schema_name, queue_name) values ($1, $2)
         on conflict (the_only) do update set schema_name = $1, queue_name = $2`,
        [schema, QUEUE],
      ),
    );
    if (!works) return;
    await boss.work(QUEUE, WORK, async ([job]: Job<CallbackJob>[]) => [await this.run(job!)]);
    await boss.work<CallbackJob>(DEAD_LETTERS, { pollingIntervalSeconds: POLL_SECONDS }, async (jobs) => {
      for (const job of jobs) await this.giveUp(job.data);
    });
  }

  private async run({ id, data }: Job<CallbackJob>): Promise<JobResult> {
    try {
      const delivered = await this.inOrder(data.runId, () => this.delivery.deliver(data));
      return { id, status: delivered === 'refused' ? 'deadletter' : 'completed', output: { delivered } };
    } catch (error) {
      const { message } = error as Error;
      this.log.debug({ runId: data.runId }, `A subscriber was not told: ${message}`);
      return { id, status: 'failed', output: { message } };
    }
  }

  private async inOrder<T>(runId: string, work: () => Promise<T>): Promise<T> {
    const before = this.underWay.get(runId) ?? Promise.resolve();
    const mine = before.catch(() => {}).then(work);
    this.underWay.set(runId, mine);
    try {
      return await mine;
    } finally {
      if (this.underWay.get(runId) === mine) this.underWay.delete(runId);
    }
  }

  private async giveUp({ runId, uri, seq, state }: CallbackJob): Promise<void> {
    const message = `The subscriber could not be told that the run ${state}.`;
    this.log.warn({ runId }, message);
    await this.database.asSystem((manager) => recordFailedCallback(manager, runId, { message, uri, seq }));
  }
}

const WORK = {
  perJobResults: true,
  batchSize: 1,
  localConcurrency: AT_ONCE,
  localGroupConcurrency: AT_ONCE_PER_TENANT,
  pollingIntervalSeconds: POLL_SECONDS,
} as const;
