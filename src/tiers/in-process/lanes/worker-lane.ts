import { Logger } from '@nestjs/common';
import { Piscina } from 'piscina';
import { AppError } from '../../../shared/app-error.js';
import type { ComputeTask, ThreadData, ThreadTask, WorkTask } from '../task-protocol.js';
import { ComputeRun, type RunHooks } from './compute-run.js';

const MEBIBYTE = 1024 ** 2;
const PING_LIMIT_MS = 5_000;
const REOPEN_AFTER_MS = 1_000;

export interface LaneOptions {
  name: string;
  threads: number;
  maxQueue: number;
  data: ThreadData;
}

/**
 * A pool of compute threads. Each runs one task at a time, since ending a task ends its thread. The lane counts its
 * tasks itself: the pool frees a slot before the thread has stopped, and its queue limit does not see abortable tasks.
 */
export class WorkerLane {
  private readonly log = new Logger(WorkerLane.name);
  private pool: Piscina;
  private tasks = 0;
  private closed = false;
  private reopening = false;

  constructor(private readonly options: LaneOptions) {
    this.pool = this.open();
  }

  get threads(): number {
    return this.options.threads;
  }

  get free(): number {
    return this.reopening ? 0 : Math.max(0, this.options.threads - this.tasks);
  }

  /** Throws AppError `unavailable` when the queue is full. */
  start(
    task: Omit<ComputeTask, 'port'> | Omit<WorkTask, 'port'>,
    limitMs: number,
    hooks: RunHooks = {},
  ): ComputeRun {
    if (this.closed || this.reopening) throw unavailable('The compute threads are being restarted.');
    if (this.tasks >= this.options.threads + this.options.maxQueue)
      throw unavailable('All compute threads are busy.');
    const run = new ComputeRun(limitMs, hooks);
    this.tasks++;
    void run.gone.then(() => this.tasks--);
    const message: ThreadTask = { ...task, port: run.farPort };
    run.watch(
      this.pool.run(message, {
        name: 'compute',
        transferList: [run.farPort],
        signal: run.signal,
      }) as Promise<void>,
    );
    return run;
  }

  /** Whether a thread answers and computes. A lane that is merely busy is healthy. */
  async ping(): Promise<{ healthy: boolean; detail?: string }> {
    if (this.reopening) return { healthy: false, detail: `lane ${this.options.name} is being restarted` };
    if (this.free === 0) return { healthy: true, detail: `lane ${this.options.name} is busy` };
    try {
      await this.pool.run(undefined, { name: 'ping', signal: AbortSignal.timeout(PING_LIMIT_MS) });
      return { healthy: true };
    } catch {
      return { healthy: false, detail: `lane ${this.options.name} does not answer` };
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.pool.destroy();
  }

  private open(): Piscina {
    const { threads, data } = this.options;
    const pool = new Piscina({
      filename: new URL('../../../compute-worker.js', import.meta.url).href,
      minThreads: threads,
      maxThreads: threads,
      maxQueue: Infinity,
      idleTimeout: Infinity,
      // With 'sync' a thread sleeps before the close of its task's port goes out, and the slot is never seen free.
      atomics: 'disabled',
      resourceLimits: { maxOldGenerationSizeMb: Math.ceil(data.heapBytes / MEBIBYTE) },
      workerData: data,
    });
    pool.on('error', (error) => this.mend(pool, error as Error));
    return pool;
  }

  /** A thread died between tasks. The pool replaces it, unless it died while starting: then the pool is replaced. */
  private mend(pool: Piscina, error: Error): void {
    this.log.error({ err: error }, `A compute thread of lane ${this.options.name} died`);
    if (this.closed || this.reopening || pool.threads.length >= this.options.threads) return;
    this.reopening = true;
    setTimeout(() => {
      this.reopening = false;
      void pool.destroy();
      if (!this.closed) this.pool = this.open();
    }, REOPEN_AFTER_MS).unref();
  }
}

const unavailable = (message: string): AppError =>
  new AppError('unavailable', 'compute-threads-busy', message, { retryAfterSeconds: 1 });
