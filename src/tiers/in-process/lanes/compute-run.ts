import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { type InputSummary, ReferencesWanted, type RequestOptions } from '../../../execution/index.js';
import { AppError } from '../../../shared/app-error.js';
import type { Computed, ComputeLimits, RefusedInput, ThreadMessage, Verdict } from '../task-protocol.js';

/** How a task ended. `stopped`: it was read but not computed, because nobody said go in time. */
export type Ending =
  | { kind: 'computed'; computed: Computed }
  | { kind: 'refused'; error: RefusedInput }
  | { kind: 'stopped' }
  | { kind: 'cancelled' }
  | { kind: 'timeout' }
  | { kind: 'lost'; outOfMemory: boolean; cause?: unknown };

export interface RunHooks {
  onProgress?(percent: number, message?: string): void;
}

/** After the thread was told to end, its port closes within milliseconds; this is the net under it. */
const GONE_LIMIT_MS = 2_000;
/** A task that has not begun has no thread whose death would close the port; it may be about to begin. */
const NOT_BEGUN_LIMIT_MS = 50;

const UNEXPLAINED: Ending = {
  kind: 'lost',
  outOfMemory: false,
  cause: 'The pool did not say how the task ended',
};

/**
 * This side's end of one task in a compute thread. Whatever happens to the thread, `ending` and `gone` resolve: the
 * port's close tells of its death even in the middle of a computation. A channel per task is cheap: reading the job
 * list grows the resident memory of a fresh server just as much, and what is alive after a collection stays level.
 */
export class ComputeRun {
  private readonly port: MessagePort;
  private readonly abortion = new AbortController();
  private readonly ended = Promise.withResolvers<Ending>();
  private readonly left = Promise.withResolvers<void>();
  private readonly read = Promise.withResolvers<{ request: RequestOptions; summary: InputSummary }>();
  private timer?: NodeJS.Timeout;
  private verdictGiven = false;
  private begunAt?: number;
  private endedAt?: number;
  private over = false;
  /** The far end, for the task; transferred. */
  readonly farPort: MessagePort;

  constructor(
    private readonly limitMs: number,
    private hooks: RunHooks = {},
  ) {
    const { port1, port2 } = new MessageChannel();
    this.port = port1;
    this.farPort = port2;
    port1.on('message', (message: ThreadMessage) => this.hear(message));
    port1.on('close', () => this.left.resolve());
    // Nobody may be listening to one of these; a rejection must not end the process then.
    this.read.promise.catch(() => {});
  }

  get signal(): AbortSignal {
    return this.abortion.signal;
  }

  /** How long it has had a thread, or had one until its end. */
  get threadMs(): number {
    return this.begunAt === undefined ? 0 : (this.endedAt ?? performance.now()) - this.begunAt;
  }

  /** Resolves, never rejects, when the outcome is known. */
  get ending(): Promise<Ending> {
    return this.ended.promise;
  }

  /** Resolves when the thread is free again, or gone. */
  get gone(): Promise<void> {
    return this.left.promise;
  }

  /** The request as it was read. Rejects with AppError if it cannot be. */
  get inspected(): Promise<{ request: RequestOptions; summary: InputSummary }> {
    return this.read.promise;
  }

  /** Lets a parked task compute. */
  go(limits: ComputeLimits, limitMs: number, hooks: RunHooks): void {
    if (this.verdictGiven) return;
    this.verdictGiven = true;
    this.hooks = hooks;
    this.startTimer(limitMs);
    this.port.postMessage({ kind: 'go', limits } satisfies Verdict);
  }

  stop(): void {
    if (this.verdictGiven) return;
    this.verdictGiven = true;
    this.port.postMessage({ kind: 'stop' } satisfies Verdict);
  }

  /** Ends the task wherever it is; its thread is terminated. */
  end(kind: 'cancelled' | 'timeout'): void {
    this.finish({ kind });
    this.leave();
  }

  /**
   * What the pool says about the task tells why it failed; what it achieved came through the port. The port may close
   * before or after the pool speaks, so a task counts as stopped only when both are done and nothing else was said.
   */
  watch(task: Promise<void>): void {
    task.then(
      () => void this.gone.then(() => this.finish({ kind: 'stopped' })),
      (cause: NodeJS.ErrnoException) => {
        this.finish({ kind: 'lost', outOfMemory: cause.code === 'ERR_WORKER_OUT_OF_MEMORY', cause });
        this.leave();
      },
    );
    void this.gone.then(() => {
      if (!this.over) setTimeout(() => this.finish(UNEXPLAINED), GONE_LIMIT_MS).unref();
    });
  }

  private hear(message: ThreadMessage): void {
    switch (message.kind) {
      case 'started':
        this.begunAt = performance.now();
        return this.startTimer(this.limitMs);
      case 'inspected':
        clearTimeout(this.timer);
        return this.read.resolve(message);
      case 'refused':
        return this.finish(message);
      case 'progress':
        return this.hooks.onProgress?.(message.percent, message.message);
      case 'computed':
        this.finish({ kind: 'computed', computed: message.computed });
        if (message.used) this.leave();
    }
  }

  private startTimer(limitMs: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.end('timeout'), limitMs);
  }

  private finish(ending: Ending): void {
    if (this.over) return;
    this.over = true;
    this.endedAt = performance.now();
    clearTimeout(this.timer);
    this.ended.resolve(ending);
    // What was computed was read before.
    if (ending.kind !== 'computed') this.read.reject(asError(ending));
  }

  /** Ends the thread, and does not wait for ever for the news of it. */
  private leave(): void {
    this.abortion.abort();
    setTimeout(() => this.port.close(), this.begunAt !== undefined ? GONE_LIMIT_MS : NOT_BEGUN_LIMIT_MS);
  }
}

function asError(ending: Ending): AppError {
  switch (ending.kind) {
    case 'refused': {
      const { kind, code, message, faults, references } = ending.error;
      if (references) return new ReferencesWanted(references);
      return new AppError(kind, code, message, { faults });
    }
    case 'timeout':
      return new AppError('timeout', 'inspection-timeout', 'Reading the request took too long.');
    case 'lost':
      return ending.outOfMemory
        ? new AppError('too-large', 'request-too-large', 'The request needs more memory than it may use.')
        : new AppError('unavailable', 'compute-thread-lost', 'The thread that read the request was lost.', {
            cause: ending.cause,
          });
    case 'cancelled':
    case 'computed':
    case 'stopped':
      return new AppError('unavailable', 'not-inspected', 'The request was not read.');
  }
}
