import { Injectable, Logger } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ArtifactStore } from '../../artifacts/index.js';
import {
  type Attempt,
  type AttemptRef,
  type ExecutionTier,
  ReportProgress,
  type Standing,
  type Started,
  type SubmittedAttempt,
  type TierCapacity,
  type TierHealth,
} from '../../execution/index.js';
import { AppError } from '../../shared/app-error.js';
import { ParkedInput, sizeOf, sourcesOf } from './input-inspector.js';
import type { ComputeRun, Ending, RunHooks } from './lanes/compute-run.js';
import { WorkerLanes } from './lanes/worker-lanes.js';
import { OPERATION_NAMES } from './operation-names.js';
import { OutcomeMaker } from './outcome-maker.js';
import type { ComputeLimits, ComputeTask } from './task-protocol.js';

interface RunningAttempt {
  /** Absent while its input is being found. */
  run?: ComputeRun;
  cancelled: boolean;
}

/** Tier 1: the work is done in threads of this process; an attempt is finished when start returns. */
@Injectable()
export class InProcessTier implements ExecutionTier {
  readonly name = 'in-process' as const;
  private readonly log = new Logger(InProcessTier.name);
  private readonly running = new Map<string, RunningAttempt>();

  constructor(
    private readonly lanes: WorkerLanes,
    private readonly artifacts: ArtifactStore,
    private readonly outcomes: OutcomeMaker,
    private readonly commands: CommandBus,
  ) {}

  supports(
    processId: string,
    handler: Record<string, unknown> | undefined,
  ): { ok: true } | { ok: false; reason: string } {
    const known = (OPERATION_NAMES as readonly unknown[]).includes(handler?.operation);
    return known
      ? { ok: true }
      : { ok: false, reason: `Process '${processId}' has no in-process operation.` };
  }

  async start(attempt: Attempt): Promise<Started> {
    const startedAt = performance.now();
    if (attempt.input.references?.some(({ layer }) => layer?.inPlace))
      return { kind: 'refused', reason: 'The layer is in its table, where this tier does not reach.' };
    const running: RunningAttempt = { cancelled: false };
    this.running.set(keyOf(attempt), running);
    try {
      const ending = await this.runToEnd(attempt, running);
      const outcome = await this.outcomes.make(attempt, ending, performance.now() - startedAt);
      return { kind: 'finished', outcome };
    } catch (error) {
      if (error instanceof AppError && error.kind === 'unavailable')
        return { kind: 'refused', reason: error.message };
      return {
        kind: 'finished',
        outcome: this.outcomes.makeUnforeseen(error, performance.now() - startedAt),
      };
    } finally {
      this.running.delete(keyOf(attempt));
    }
  }

  async cancel(attempt: AttemptRef): Promise<void> {
    const running = this.running.get(keyOf(attempt));
    if (!running) return;
    running.cancelled = true;
    running.run?.end('cancelled');
    await running.run?.gone;
  }

  async inspect(attempts: SubmittedAttempt[]): Promise<Standing[]> {
    return attempts.map(() => ({ kind: 'unknown' }));
  }

  capacity(): TierCapacity {
    return this.lanes.capacity();
  }

  health(): Promise<TierHealth> {
    return this.lanes.health();
  }

  /** Goes on with the parked request if it still waits; else reads the request again and computes in one go. */
  private async runToEnd(attempt: Attempt, running: RunningAttempt): Promise<Ending> {
    const { inspected, limits } = attempt;
    if (inspected instanceof ParkedInput) {
      running.run = inspected.run;
      inspected.run.go(this.computeLimits(attempt), limits.timeoutMs, this.hooks(attempt));
      const ending = await inspected.run.ending;
      if (ending.kind !== 'stopped') return ending;
      running.run = undefined;
    }
    const sources = await sourcesOf(attempt.input, this.artifacts);
    if (running.cancelled) return { kind: 'cancelled' };
    running.run = this.startAnew(attempt, sources);
    return running.run.ending;
  }

  private startAnew(attempt: Attempt, sources: Pick<ComputeTask, 'source' | 'references'>): ComputeRun {
    const { input, definition, limits } = attempt;
    const task = {
      ...sources,
      surface: input.surface,
      mediaType: input.mediaType,
      definition,
      limits: { maxFeatures: limits.maxFeatures, maxVertices: limits.maxVertices },
      go: this.computeLimits(attempt),
    };
    return this.lanes.for(sizeOf(input)).start(task, limits.timeoutMs, this.hooks(attempt));
  }

  private computeLimits({ limits }: Attempt): ComputeLimits {
    const { maxOutputFeatures, maxOutputBytes } = limits;
    return { maxOutputFeatures, maxOutputBytes };
  }

  private hooks({ runId, tenant, attempt }: Attempt): RunHooks {
    return {
      onProgress: (percent, message) => {
        const report = new ReportProgress({ runId, tenant, attempt }, percent, message);
        this.commands
          .execute(report)
          .catch((err: unknown) => this.log.debug({ err }, 'Progress was not recorded'));
      },
    };
  }
}

const keyOf = ({ runId, attempt }: AttemptRef): string => `${runId}/${attempt}`;
