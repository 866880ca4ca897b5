import { Inject, Injectable } from '@nestjs/common';
import { ArtifactStore } from '../../artifacts/index.js';
import { CONFIG, type HonuaConfig } from '../../config/index.js';
import {
  type InputInspector,
  type InputLimits,
  type InputSummary,
  type InspectedInput,
  referenceFiles,
  type RequestOptions,
  type RunInput,
} from '../../execution/index.js';
import type { ProcessDefinition } from '../../registry/index.js';
import { AppError } from '../../shared/app-error.js';
import type { ComputeRun } from './lanes/compute-run.js';
import { WorkerLanes } from './lanes/worker-lanes.js';
import type { ComputeTask } from './task-protocol.js';

/** A request that a compute thread has read and holds, waiting to be told whether to go on. */
export class ParkedInput implements InspectedInput {
  constructor(
    readonly request: RequestOptions,
    readonly summary: InputSummary,
    readonly run: ComputeRun,
  ) {}

  release(): void {
    this.run.stop();
  }
}

@Injectable()
export class InProcessInputInspector implements InputInspector {
  constructor(
    private readonly lanes: WorkerLanes,
    private readonly artifacts: ArtifactStore,
    @Inject(CONFIG) private readonly config: HonuaConfig,
  ) {}

  async inspect(
    input: RunInput,
    definition: ProcessDefinition,
    limits: InputLimits,
    signal?: AbortSignal,
  ): Promise<InspectedInput> {
    const sources = await sourcesOf(input, this.artifacts);
    const lane = this.lanes.for(sizeOf(input));
    const { surface, mediaType } = input;
    const run = lane.start(
      { ...sources, surface, mediaType, definition, limits },
      this.config.limits.maxInlineDuration,
    );
    const abort = (): void => run.end('cancelled');
    signal?.addEventListener('abort', abort, { once: true });
    if (signal?.aborted) abort();
    try {
      const { request, summary } = await run.inspected;
      return new ParkedInput(request, summary, run);
    } catch (error) {
      if (signal?.aborted) throw new AppError('rejected', 'caller-gone', 'The caller hung up.');
      throw error;
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }
}

/** Small bodies travel with the task, spooled ones are read from their file by the thread. */
export async function sourceOf(
  { payload }: Pick<RunInput, 'payload'>,
  artifacts: ArtifactStore,
): Promise<ComputeTask['source']> {
  return payload.kind === 'inline'
    ? { bytes: payload.bytes }
    : { path: await artifacts.localPath(payload.key) };
}

/** Everything a thread reads of a request: its body, and the files of the values that it names. */
export async function sourcesOf(
  input: RunInput,
  artifacts: ArtifactStore,
): Promise<Pick<ComputeTask, 'source' | 'references'>> {
  const references = await referenceFiles(input.references, (key) => artifacts.localPath(key));
  return { source: await sourceOf(input, artifacts), references };
}

/** Bytes to read, which say what lane they belong to. */
export const sizeOf = ({ payload, references = [] }: RunInput): number =>
  references.reduce((sum, { size }) => sum + size, payload.size);
