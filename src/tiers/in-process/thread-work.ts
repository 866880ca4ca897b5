import { Injectable } from '@nestjs/common';
import { ArtifactStore } from '../../artifacts/index.js';
import type { ThreadJob, ThreadWork } from '../../execution/index.js';
import { AppError } from '../../shared/app-error.js';
import { sourceOf } from './input-inspector.js';
import type { Ending } from './lanes/compute-run.js';
import { WorkerLanes } from './lanes/worker-lanes.js';

/** Work without a run, in the threads that runs use too, though never behind them: it has a lane of its own. */
@Injectable()
export class InProcessThreadWork implements ThreadWork {
  constructor(
    private readonly lanes: WorkerLanes,
    private readonly artifacts: ArtifactStore,
  ) {}

  async do({ source, signal, timeoutMs, spent, ...job }: ThreadJob): Promise<Uint8Array<ArrayBuffer>> {
    const task = { ...job, source: await sourceOf({ payload: source }, this.artifacts) };
    const run = this.lanes.forWork().start(task, timeoutMs);
    const abort = (): void => run.end('cancelled');
    signal?.addEventListener('abort', abort, { once: true });
    if (signal?.aborted) abort();
    try {
      return bytesOf(await run.ending);
    } finally {
      signal?.removeEventListener('abort', abort);
      spent?.(run.threadMs);
    }
  }
}

function bytesOf(ending: Ending): Uint8Array<ArrayBuffer> {
  switch (ending.kind) {
    case 'computed':
      if (!ending.computed.ok) throw new Error('Work without a run has no failure of its own');
      return ending.computed.outputs[0]!.bytes;
    case 'refused': {
      const { kind, code, message, faults } = ending.error;
      throw new AppError(kind, code, message, { faults });
    }
    case 'timeout':
      throw new AppError('timeout', 'work-timeout', 'The work took longer than it may.');
    case 'cancelled':
      throw new AppError('rejected', 'caller-gone', 'The caller hung up.');
    case 'lost':
      if (ending.outOfMemory)
        throw new AppError('too-large', 'work-too-large', 'The work needs more memory than it may use.');
      throw new AppError('internal', 'work-lost', 'The compute thread was lost.', { cause: ending.cause });
    case 'stopped':
      throw new AppError('unavailable', 'work-stopped', 'The compute thread stopped without a result.');
  }
}
