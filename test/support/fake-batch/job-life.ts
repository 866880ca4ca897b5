/** The life of one job: its states in order, its tries, and how they end. */
import { setTimeout as pause } from 'node:timers/promises';
import { retries } from './documented-limits.js';
import type { FakeAttempt, FakeJob, JobStatus } from './fake-job.js';
import { isOver } from './fake-job.js';
import { type RunningTry, runProgram, runStandIn, type StandIn } from './run-command.js';

/** What a life needs of its surroundings. */
export interface LifeSupport {
  /** A quick function for this job; undefined: its program is run. */
  standInFor(job: FakeJob): StandIn | undefined;
  /** Of image and role. */
  surroundings: Record<string, string>;
  /** What the image puts before each command. */
  entryPoint: string[];
  /** Tells of a new state. */
  changed(job: FakeJob): void;
  /** Resolves when there is a machine, with what gives it back. */
  machine(job: FakeJob): Promise<() => void>;
  writeLog(group: string, stream: string, text: string): Promise<void>;
  /** Whether this try is to lose its machine. */
  isReclaimed(job: FakeJob): boolean;
  hasLogStream(job: FakeJob): boolean;
  random(): number;
  logStreamOf(job: FakeJob, attempt: number): string;
}

export class JobLife {
  private running?: RunningTry;
  private outage?: 'timeout' | 'reclaimed';

  constructor(
    readonly job: FakeJob,
    private readonly support: LifeSupport,
  ) {}

  async live(): Promise<void> {
    const { job } = this;
    this.become('RUNNABLE');
    while (!isOver(job)) {
      const giveBack = await this.support.machine(job);
      try {
        if (isOver(job)) return;
        await this.tryOnce();
      } finally {
        giveBack();
      }
    }
  }

  /** What nobody has begun ends at once; what runs ends when its program has. */
  terminate(reason: string): void {
    const { job } = this;
    if (isOver(job)) return;
    job.isTerminated = true;
    job.statusReason = reason;
    if (this.running) this.running.stop('kindly');
    else this.end('FAILED', reason);
  }

  /** Ends what has not started; does nothing to others. */
  cancel(reason: string): void {
    const { job } = this;
    if (isOver(job) || job.status === 'STARTING' || job.status === 'RUNNING') return;
    job.isCancelled = true;
    this.end('FAILED', reason);
  }

  end(status: 'SUCCEEDED' | 'FAILED', reason?: string): void {
    this.job.stoppedAt = Date.now();
    if (reason !== undefined) this.job.statusReason = reason;
    this.become(status);
  }

  private become(status: JobStatus): void {
    this.job.status = status;
    this.support.changed(this.job);
  }

  private async tryOnce(): Promise<void> {
    const { job, support } = this;
    this.become('STARTING');
    const number = job.attempts.length + 1;
    const stream = support.hasLogStream(job) ? support.logStreamOf(job, number) : undefined;
    if (stream !== undefined) job.container.logStreamName = stream;
    const startedAt = Date.now();
    job.startedAt = startedAt;
    this.outage = undefined;
    const running = this.start(number);
    this.running = running;
    this.become('RUNNING');
    const seconds = job.timeout?.attemptDurationSeconds;
    const timer = seconds === undefined ? undefined : setTimeout(() => this.fail('timeout'), seconds * 1000);
    if (support.isReclaimed(job)) void pause(support.random() * 40).then(() => this.fail('reclaimed'));
    const { exitCode, log } = await running.ended;
    clearTimeout(timer);
    this.running = undefined;
    // A log is written while the container runs; it is there before anybody hears of the end.
    if (stream !== undefined)
      await support.writeLog(job.container.logConfiguration.options['awslogs-group']!, stream, log);
    this.conclude({ startedAt, stoppedAt: Date.now(), container: { exitCode, logStreamName: stream } });
  }

  private start(number: number): RunningTry {
    const { job, support } = this;
    const environment = Object.fromEntries(
      job.container.environment.map(({ name, value }) => [name, value] as const),
    );
    Object.assign(environment, {
      AWS_BATCH_JOB_ID: job.jobId,
      AWS_BATCH_JOB_ATTEMPT: String(number),
      AWS_BATCH_JQ_NAME: job.jobQueue.split('/').at(-1)!,
      AWS_BATCH_CE_NAME: 'fake',
    });
    const { arrayProperties } = job;
    if (arrayProperties && 'index' in arrayProperties)
      environment.AWS_BATCH_JOB_ARRAY_INDEX = String(arrayProperties.index);
    const one = { command: [...support.entryPoint, ...job.container.command], environment };
    const standIn = support.standInFor(job);
    return standIn ? runStandIn(one, standIn) : runProgram(one, support.surroundings);
  }

  private fail(outage: 'timeout' | 'reclaimed'): void {
    if (!this.running) return;
    this.outage = outage;
    this.running.stop(outage === 'timeout' ? 'kindly' : 'at once');
  }

  private conclude(attempt: FakeAttempt): void {
    const { job, outage } = this;
    const instance = `i-0${job.jobId.replaceAll('-', '').slice(0, 16)}`;
    if (outage === 'reclaimed') {
      delete attempt.container.exitCode; // whoever could have told is gone
      attempt.statusReason = `Host EC2 (instance ${instance}) terminated.`;
    } else {
      const { exitCode } = attempt.container;
      attempt.statusReason =
        outage === 'timeout' ? 'Job attempt duration exceeded timeout' : 'Essential container in task exited';
      if (exitCode === 137)
        attempt.container.reason = 'OutOfMemoryError: Container killed due to memory usage';
    }
    job.attempts.push(attempt);
    delete job.container.exitCode;
    delete job.container.reason;
    Object.assign(job.container, attempt.container);
    if (job.isTerminated) return this.end('FAILED');
    if (attempt.container.exitCode === 0) return this.end('SUCCEEDED', attempt.statusReason);
    const { exitCode, reason } = attempt.container;
    const { statusReason } = attempt;
    const left = job.attempts.length < job.retryStrategy.attempts;
    const again = retries(job.retryStrategy.evaluateOnExit, { statusReason, reason, exitCode });
    if (left && outage !== 'timeout' && again) this.become('RUNNABLE');
    else this.end('FAILED', statusReason);
  }
}
