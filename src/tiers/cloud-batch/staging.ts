import { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import { ArtifactStore, stagingPrefix } from '../../artifacts/index.js';
import { CONFIG, type HonuaConfig } from '../../config/index.js';
import { type Attempt, referenceFiles, ThreadWork, unframed } from '../../execution/index.js';
import { AppError } from '../../shared/app-error.js';
import type { ApprovedScript } from './approved-scripts.js';
import { readCommandHandler } from './command-handler.js';
import { STAGE_WORK, type StagedFile, type StageHead, type StageParameters } from './thread-protocol.js';

/** A value of `inputs.json` that is in a file. */
interface FileAt {
  uri: string;
  mediaType: string;
  size: number;
  sha256: string;
  crs?: string;
}

/** Puts what a worker reads where it finds it: `jobs/{run}/inputs.json`, and a file for each input that is no plain value. */
@Injectable()
export class Staging {
  constructor(
    @Inject(CONFIG) private readonly config: HonuaConfig,
    private readonly threads: ThreadWork,
    private readonly artifacts: ArtifactStore,
  ) {}

  /** Answers the URI of `inputs.json`. Throws AppError as reading a request does; then nothing is to be submitted. */
  async stage(attempt: Attempt, { script, sha256 }: ApprovedScript, signal: AbortSignal): Promise<string> {
    const { definition, limits, runId } = attempt;
    const { head, rest } = await this.read(attempt, signal);
    const inputs: Record<string, unknown> = { ...head.values };
    let at = 0;
    for (const [index, { input, file }] of head.files.entries()) {
      const size = 'size' in file ? file.size : 0;
      const bytes = rest.subarray(at, (at += size));
      const placed = await this.place(
        attempt,
        file,
        bytes,
        `${stagingPrefix(runId)}inputs/${index}-${input}`,
      );
      const several = definition.inputs[input]!.maxOccurs !== 1;
      inputs[input] = several ? [...((inputs[input] as FileAt[] | undefined) ?? []), placed] : placed;
    }
    const command = readCommandHandler(definition, definition.handlers['cloud-batch']);
    const document = {
      process: definition.id,
      version: definition.version,
      script,
      // What was signed: a worker that has other bytes runs nothing.
      scriptSha256: sha256,
      inputs,
      ...(command && { command }),
      outputs: head.outputs ?? Object.keys(definition.outputs),
      limits: {
        maxOutputFeatures: limits.maxOutputFeatures,
        maxOutputBytes: limits.maxOutputBytes,
        timeoutMs: limits.timeoutMs,
      },
    };
    const { key } = await this.artifacts.put(
      `${stagingPrefix(runId)}inputs.json`,
      Buffer.from(JSON.stringify(document)),
      Infinity,
    );
    return this.artifacts.uriOf(key);
  }

  private async read(
    { input, definition, limits }: Attempt,
    signal: AbortSignal,
  ): Promise<{ head: StageHead; rest: Buffer }> {
    const parameters: StageParameters = {
      surface: input.surface,
      mediaType: input.mediaType,
      definition,
      limits: { maxFeatures: limits.maxFeatures, maxVertices: limits.maxVertices },
      references: await referenceFiles(input.references, (key) => this.artifacts.localPath(key)),
    };
    const maxBytes = this.config.workers.heapMemory;
    const { maxInlineDuration: timeoutMs } = this.config.limits;
    const job = { work: STAGE_WORK, source: input.payload, parameters, maxBytes, timeoutMs, signal };
    const { head, rest } = unframed(await this.threads.do(job));
    return { head: head as StageHead, rest };
  }

  private async place({ input }: Attempt, file: StagedFile, bytes: Buffer, key: string): Promise<FileAt> {
    const { mediaType, crs } = file;
    if ('size' in file) {
      const { size, sha256 } = await this.artifacts.put(key, Readable.from([bytes]), Infinity);
      return { uri: this.artifacts.uriOf(key), mediaType, size, sha256, ...(crs && { crs }) };
    }
    const fetched = input.references?.find(({ href }) => href === file.href);
    if (!fetched)
      throw new AppError('invalid-input', 'invalid-input', 'The request names a file that was not fetched.');
    // It stays as long as the run's input does: read where it is, however large.
    const { size, sha256 } = fetched;
    return { uri: this.artifacts.uriOf(fetched.key), mediaType, size, sha256 };
  }
}
