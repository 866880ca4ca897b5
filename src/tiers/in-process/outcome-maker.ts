import { Readable } from 'node:stream';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { ArtifactStore } from '../../artifacts/index.js';
import { CONFIG, type HonuaConfig } from '../../config/index.js';
import type {
  Attempt,
  FailureReason,
  Outcome,
  OutputPayload,
  Payload,
  Usage,
} from '../../execution/index.js';
import { AppError } from '../../shared/app-error.js';
import type { Ending } from './lanes/compute-run.js';
import type { Computed, ComputedOutput } from './task-protocol.js';

/** Pieces in which a large result is stored, so that hashing it never holds up the event loop for long. */
const PIECE = 1024 ** 2;

/** What a task's ending means for its attempt; large outputs are stored under the attempt's prefix on the way. */
@Injectable()
export class OutcomeMaker {
  private readonly log = new Logger(OutcomeMaker.name);

  constructor(
    private readonly artifacts: ArtifactStore,
    @Inject(CONFIG) private readonly config: HonuaConfig,
  ) {}

  async make(attempt: Attempt, ending: Ending, wallMs: number): Promise<Outcome> {
    // Of a thread that was ended nothing is known but the time it had; it may have used all of it.
    const usage: Usage = { wallMs: Math.round(wallMs), cpuMs: Math.round(wallMs) };
    switch (ending.kind) {
      case 'computed':
        return this.ofComputed(attempt, ending.computed, { ...usage, cpuMs: ending.computed.cpuMs });
      case 'refused':
        return failed(
          ending.error.kind === 'too-large' ? 'too-large' : 'invalid-input',
          ending.error.message,
          usage,
        );
      case 'cancelled':
        return { kind: 'cancelled', usage };
      case 'timeout':
        return failed('timeout', 'Job exceeded timeout limit', usage);
      case 'lost':
        return this.ofLost(ending, usage);
      case 'stopped':
        return failed('tier-lost', 'The compute thread stopped without a result.', usage);
    }
  }

  /** For errors that no part of the tier foresaw: told without their text, which may name places of this machine. */
  makeUnforeseen(error: unknown, wallMs: number): Outcome {
    this.log.error({ err: error }, 'An attempt failed by a defect');
    const usage = { wallMs: Math.round(wallMs), cpuMs: 0 };
    const message = error instanceof AppError ? error.message : 'The result could not be kept.';
    return failed(
      error instanceof AppError && error.kind === 'too-large' ? 'too-large' : 'tier-lost',
      message,
      usage,
    );
  }

  private ofLost({ outOfMemory, cause }: Extract<Ending, { kind: 'lost' }>, usage: Usage): Outcome {
    this.log.warn({ err: cause }, 'A compute thread was lost');
    return outOfMemory
      ? failed('out-of-memory', 'The operation needs more memory than it may use.', usage)
      : failed('tier-lost', 'The compute thread was lost.', usage);
  }

  private async ofComputed(attempt: Attempt, computed: Computed, usage: Usage): Promise<Outcome> {
    const { messages } = computed;
    if (!computed.ok) {
      if (computed.defect) this.log.error({ stack: computed.defect }, 'An operation failed by a defect');
      return { kind: 'failed', failure: computed.failure, messages, usage };
    }
    const outputs: OutputPayload[] = [];
    for (const output of computed.outputs) outputs.push(await this.keep(attempt, output));
    return { kind: 'succeeded', outputs, messages, usage };
  }

  private async keep(
    attempt: Attempt,
    { id, mediaType, bytes, sha256, features }: ComputedOutput,
  ): Promise<OutputPayload> {
    const size = bytes.length;
    const payload: Payload =
      size <= this.config.limits.inlinePayloadBytes
        ? { kind: 'inline', bytes, size, sha256 }
        : { kind: 'artifact', key: await this.store(attempt, id, bytes), size, sha256 };
    return { id, mediaType, payload, ...(features !== undefined && { features }) };
  }

  private async store({ runId, attempt, limits }: Attempt, id: string, bytes: Uint8Array): Promise<string> {
    const key = `runs/${runId}/${attempt}/${id}.json`;
    const stored = await this.artifacts.put(key, Readable.from(pieces(bytes)), limits.maxOutputBytes);
    return stored.key;
  }
}

function* pieces(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += PIECE) yield bytes.subarray(at, at + PIECE);
}

function failed(reason: FailureReason, message: string, usage: Usage): Outcome {
  return {
    kind: 'failed',
    failure: { reason, message, retryable: reason === 'tier-lost' },
    messages: [],
    usage,
  };
}
