import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { ArtifactStore } from '../../artifacts/index.js';
import { CONFIG, type HonuaConfig } from '../../config/index.js';
import { isUnavailable } from '../../database/index.js';
import type {
  Attempt,
  FailureReason,
  OutputPayload,
  Payload,
  RunMessage,
  Started,
  Usage,
} from '../../execution/index.js';
import { AppError } from '../../shared/app-error.js';

/** What procedures say by SQLSTATE. */
const NOT_HERE = 'HG001';
const INVALID_INPUT = 'HG002';
const QUERY_CANCELED = '57014';
const UNTRANSLATABLE = '22P05';
const GEOMETRY_ENGINE = 'XX000';

/** How an attempt stands that could not be finished by its procedure. */
interface Broken {
  error: unknown;
  stopping: 'cancelled' | 'timeout' | undefined;
  messages: RunMessage[];
  usage: Usage;
}

/** What an attempt led to: a result that is kept, a failure by its SQLSTATE, or a refusal that leaves it to the next tier. */
@Injectable()
export class OutcomeMaker {
  private readonly log = new Logger(OutcomeMaker.name);

  constructor(
    private readonly artifacts: ArtifactStore,
    @Inject(CONFIG) private readonly config: HonuaConfig,
  ) {}

  /** Keeps a result as it is written: small ones in memory, large ones in the store. Throws AppError `too-large`. */
  async keep(attempt: Attempt, name: string, pieces: AsyncGenerator<Buffer>): Promise<Payload> {
    const { maxOutputBytes } = attempt.limits;
    const held: Buffer[] = [];
    let size = 0;
    for (;;) {
      const { value, done } = await pieces.next();
      if (done) break;
      held.push(value);
      size += value.length;
      if (size > this.config.limits.inlinePayloadBytes) {
        const key = `runs/${attempt.runId}/${attempt.attempt}/${name}`;
        const stored = await this.artifacts.put(key, Readable.from(chained(held, pieces)), maxOutputBytes);
        return { kind: 'artifact', ...stored };
      }
    }
    if (size > maxOutputBytes)
      throw new AppError(
        'too-large',
        'result-too-large',
        `The result is larger than ${maxOutputBytes} bytes.`,
      );
    const bytes = new Uint8Array(Buffer.concat(held));
    return { kind: 'inline', bytes, size, sha256: createHash('sha256').update(bytes).digest('hex') };
  }

  succeeded(outputs: OutputPayload[], messages: RunMessage[], usage: Usage): Started {
    return { kind: 'finished', outcome: { kind: 'succeeded', outputs, messages, usage } };
  }

  ofBroken({ error, stopping, messages, usage }: Broken): Started {
    if (stopping === 'cancelled') return { kind: 'finished', outcome: { kind: 'cancelled', usage } };
    const failed = (reason: FailureReason, message: string): Started => ({
      kind: 'finished',
      outcome: { kind: 'failed', failure: { reason, message, retryable: false }, messages, usage },
    });
    if (stopping === 'timeout') return failed('timeout', 'Job exceeded timeout limit');
    if (error instanceof AppError) {
      if (error.kind === 'unavailable') return refused(error.message);
      return failed(error.kind === 'too-large' ? 'too-large' : 'invalid-input', error.message);
    }
    const { code = '', message } = error as Error & { code?: string };
    if (code === QUERY_CANCELED) return refused('PostGIS execution timed out');
    if (code === NOT_HERE) return refused(message);
    if (code === INVALID_INPUT) return failed('invalid-input', message);
    if (code === UNTRANSLATABLE) return refused('The request has text that PostgreSQL cannot hold.');
    // Memory, disk, connections, and what is larger than the server can take.
    if (/^5[34]/.test(code)) return refused('PostGIS has not the resources that this needs.');
    if (isUnavailable(error)) return refused('PostGIS is not available at the moment.');
    if (code.startsWith('22'))
      return failed('invalid-input', 'The request has a value that PostGIS cannot work with.');
    if (code === GEOMETRY_ENGINE)
      return failed('process-error', `The geometry engine gave up: ${message.slice(0, MOST_TEXT)}`);
    this.log.error({ err: error }, 'A procedure failed by a defect');
    return failed('process-error', 'The procedure failed by a defect of the service.');
  }
}

const MOST_TEXT = 500;

const refused = (reason: string): Started => ({ kind: 'refused', reason });

async function* chained(first: Buffer[], rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  yield* first;
  yield* rest;
}
