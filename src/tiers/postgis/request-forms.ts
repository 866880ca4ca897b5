import { Inject, Injectable } from '@nestjs/common';
import { ArtifactStore } from '../../artifacts/index.js';
import { CONFIG, type HonuaConfig } from '../../config/index.js';
import {
  type Attempt,
  type Payload,
  referenceFiles,
  type RunMessage,
  ThreadWork,
  unframed,
} from '../../execution/index.js';
import {
  READ_WORK,
  type ReadHead,
  type ReadParameters,
  type StagedInput,
  WRITE_WORK,
  type WriteHead,
  type WriteParameters,
} from './thread-protocol.js';

/** A request taken apart for statements. */
export interface PreparedRequest extends ReadHead {
  parts: { input: StagedInput; text: Buffer }[];
}

/** What has to walk geometry outside of the database is done in threads, before and after. */
@Injectable()
export class RequestForms {
  constructor(
    @Inject(CONFIG) private readonly config: HonuaConfig,
    private readonly threads: ThreadWork,
    private readonly artifacts: ArtifactStore,
  ) {}

  /** Throws AppError as reading a request does. */
  async prepare({ input, definition, limits }: Attempt, signal: AbortSignal): Promise<PreparedRequest> {
    const pathOf = (key: string): Promise<string> => this.artifacts.localPath(key);
    const parameters: ReadParameters = {
      surface: input.surface,
      mediaType: input.mediaType,
      definition,
      limits: { maxFeatures: limits.maxFeatures, maxVertices: limits.maxVertices },
      references: await referenceFiles(input.references, pathOf),
    };
    const maxBytes = this.config.tier2.maxRequestBytes;
    const { timeoutMs } = limits;
    const job = { work: READ_WORK, source: input.payload, parameters, maxBytes, timeoutMs, signal };
    const { head: read, rest } = unframed(await this.threads.do(job));
    const head = read as ReadHead;
    let at = 0;
    const parts = head.inputs.map((one) => ({ input: one, text: rest.subarray(at, (at += one.size)) }));
    return { ...head, parts };
  }

  /** A collection in the coordinate system and with the decimals that were asked for. */
  async style(
    source: Payload,
    { crs, output }: PreparedRequest,
    { timeoutMs, maxOutputBytes }: Attempt['limits'],
    signal: AbortSignal,
  ): Promise<{ bytes: Uint8Array; messages: RunMessage[] }> {
    const parameters: WriteParameters = { crs, output };
    const job = { work: WRITE_WORK, source, parameters, maxBytes: maxOutputBytes, timeoutMs, signal };
    const { head, rest } = unframed(await this.threads.do(job));
    return { bytes: rest, messages: (head as WriteHead).messages };
  }
}
