import { Inject, Injectable, Logger } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { text } from 'node:stream/consumers';
import { ArtifactStore, outputPrefix } from '../../artifacts/index.js';
import { CONFIG, type HonuaConfig } from '../../config/index.js';
import {
  type Attempt,
  type AttemptRef,
  type ExecutionTier,
  KeepHandle,
  RecordOutcome,
  type Standing,
  type Started,
  type SubmittedAttempt,
  type TierCapacity,
  type TierHealth,
} from '../../execution/index.js';
import { AppError } from '../../shared/app-error.js';
import { ApprovedScripts } from './approved-scripts.js';
import { type BatchJob, BatchProvider, type JobExit, type JobStanding } from './batch-provider.js';
import { faultOfHandler } from './command-handler.js';
import { OutcomeMaker } from './outcome-maker.js';
import { Staging } from './staging.js';

const NO_USAGE = { wallMs: 0, cpuMs: 0 };
const MOST_PROGRESS_BYTES = 4_096;

/** Tier 3: the work is done by programs outside of this process, which may end after it. */
@Injectable()
export class CloudBatchTier implements ExecutionTier {
  readonly name = 'cloud-batch' as const;
  private readonly log = new Logger(CloudBatchTier.name);
  private readonly beingStaged = new Map<string, AbortController>();

  // oxlint-disable-next-line max-params -- what is injected, not what a caller must know
  constructor(
    @Inject(CONFIG) private readonly config: HonuaConfig,
    private readonly commands: CommandBus,
    private readonly scripts: ApprovedScripts,
    private readonly staging: Staging,
    private readonly provider: BatchProvider,
    private readonly outcomes: OutcomeMaker,
    private readonly artifacts: ArtifactStore,
  ) {
    provider.onEnded((attempt, exit) => this.tell(attempt, exit));
  }

  supports(
    _processId: string,
    handler: Record<string, unknown> | undefined,
  ): { ok: true } | { ok: false; reason: string } {
    const unready = this.provider.unready();
    if (unready !== undefined) return { ok: false, reason: unready };
    const found = this.scripts.find(handler?.script);
    const fault = faultOfHandler(handler);
    if (fault !== undefined) return { ok: false, reason: fault };
    return found.ok ? { ok: true } : found;
  }

  async start(attempt: Attempt): Promise<Started> {
    // It was read in a thread that waits to compute; here another reads it again, for the worker.
    attempt.inspected?.release();
    const name = this.provider.nameOf(attempt);
    const abortion = new AbortController();
    this.beingStaged.set(name, abortion);
    try {
      const job = await this.prepare(attempt, abortion.signal);
      if (!(await this.keep(attempt, name)) || abortion.signal.aborted) return cancelled;
      const handle = await this.provider.submit(job);
      if (abortion.signal.aborted) {
        await this.provider.stop(attempt); // it may have been asked to before there was anything to stop
        return cancelled;
      }
      if (handle !== name) await this.keepFound(attempt, handle);
      return { kind: 'submitted', handle };
    } catch (error) {
      if (abortion.signal.aborted) return cancelled;
      if (!(error instanceof AppError)) throw error;
      if (error.kind === 'unavailable') return { kind: 'refused', reason: error.message };
      const reason = error.kind === 'too-large' ? 'too-large' : 'invalid-input';
      const failure = { reason, message: error.message, retryable: false } as const;
      return { kind: 'finished', outcome: { kind: 'failed', failure, messages: [], usage: NO_USAGE } };
    } finally {
      this.beingStaged.delete(name);
    }
  }

  async cancel(attempt: AttemptRef): Promise<void> {
    this.beingStaged.get(this.provider.nameOf(attempt))?.abort();
    await this.provider.stop(attempt);
  }

  async inspect(attempts: SubmittedAttempt[]): Promise<Standing[]> {
    const standings = await this.provider.standings(attempts);
    return Promise.all(standings.map((standing, at) => this.standing(attempts[at]!, standing)));
  }

  capacity(): TierCapacity {
    return this.provider.capacity();
  }

  /** Also learns what workers there are now. */
  async health(): Promise<TierHealth> {
    await this.scripts.refresh();
    const { refusal } = this.scripts;
    return refusal === undefined ? this.provider.health() : { healthy: false, detail: refusal };
  }

  private async prepare(attempt: Attempt, signal: AbortSignal): Promise<BatchJob> {
    await this.scripts.refresh();
    const found = this.scripts.find(attempt.definition.handlers['cloud-batch']?.script);
    if (!found.ok) throw new AppError('unavailable', 'script-not-approved', found.reason);
    const { quota } = found.approved;
    if (this.provider.capacity().free <= 0)
      throw new AppError('unavailable', 'batch-full', 'Every place of a worker is taken.');
    const inputUri = await this.staging.stage(attempt, found.approved, signal);
    const { cloudBatch } = this.config.processing;
    const { runId, tenant, attempt: number, traceparent, limits } = attempt;
    const longest = Math.min(cloudBatch.defaultTimeoutSeconds, quota.timeoutSeconds) * 1000;
    return {
      runId,
      tenant,
      attempt: number,
      processId: attempt.definition.id,
      command: ['honua-worker', 'run'],
      image: found.approved.image,
      needs: { cpus: quota.cpus, memoryMiB: quota.memoryMiB, gpus: quota.gpus },
      environment: {
        JOB_ID: runId,
        HONUA_INPUT_URI: inputUri,
        HONUA_OUTPUT_URI: this.artifacts.uriOf(outputPrefix(attempt)),
        ...(traceparent && { TRACEPARENT: traceparent }),
      },
      limits: {
        timeoutMs: Math.min(limits.timeoutMs, longest),
        memoryBytes: Math.min(cloudBatch.memory, quota.memoryMiB * 1024 ** 2),
        outputBytes: limits.maxOutputBytes,
        logBytes: cloudBatch.logBytes,
      },
    };
  }

  private async standing(attempt: SubmittedAttempt, standing: JobStanding): Promise<Standing> {
    switch (standing.kind) {
      case 'ended':
        return { kind: 'ended', outcome: await this.outcomes.of(attempt, standing.exit) };
      case 'unknown': {
        // What it wrote outlasts what is known of it.
        const outcome = await this.outcomes.ofForgotten(attempt);
        return outcome ? { kind: 'ended', outcome } : standing;
      }
      case 'running':
        if (standing.handle !== undefined) await this.keep(attempt, standing.handle);
        return { kind: 'running', ...(standing.hasNews && (await this.progress(attempt))) };
    }
  }

  /** There is a job by now: whatever goes wrong here, it is not to be submitted again. */
  private async keepFound(attempt: AttemptRef, handle: string): Promise<void> {
    try {
      // It may have ended already, and its end been recorded; else another has its run by now.
      if (!(await this.keep(attempt, handle))) await this.provider.stop(attempt);
    } catch (error) {
      this.log.warn(
        { runId: attempt.runId },
        `The id of a job could not be kept: ${(error as Error).message}`,
      );
    }
  }

  private async keep(attempt: AttemptRef, handle: string): Promise<boolean> {
    return (await this.commands.execute(new KeepHandle(attempt, handle))).kept;
  }

  private async progress(attempt: AttemptRef): Promise<{ percent?: number; message?: string }> {
    const key = `${outputPrefix(attempt)}progress.json`;
    const found = await this.artifacts.stat(key);
    if (!found || found.size > MOST_PROGRESS_BYTES) return {};
    try {
      const said = JSON.parse(await text(await this.artifacts.open(key))) as Record<string, unknown>;
      const { percent, message } = said;
      return {
        ...(typeof percent === 'number' && { percent }),
        ...(typeof message === 'string' && { message }),
      };
    } catch {
      return {}; // it is being replaced; the next look finds it
    }
  }

  private async tell(attempt: AttemptRef, exit: JobExit): Promise<void> {
    await this.commands.execute(new RecordOutcome(attempt, await this.outcomes.of(attempt, exit)));
  }
}

const cancelled: Started = { kind: 'finished', outcome: { kind: 'cancelled', usage: NO_USAGE } };
