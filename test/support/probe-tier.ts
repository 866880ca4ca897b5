import { createHash } from 'node:crypto';
import {
  type Attempt,
  type AttemptRef,
  ExecutionTier,
  InputInspector,
  type InspectedInput,
  type OutputPayload,
  type RequestOptions,
  type RunInput,
  type Standing,
  type Started,
  type SubmittedAttempt,
  type TierCapacity,
  type TierHealth,
} from '../../src/execution/index.js';
import type { TierName } from '../../src/registry/index.js';
import { AppError } from '../../src/shared/app-error.js';

/** What a test lets an attempt do; `stop` aborts when the attempt is cancelled. */
export type Behaviour = (attempt: Attempt, stop: AbortSignal) => Promise<Started>;

const usage = { wallMs: 1, cpuMs: 1 };

export function output(id: string, text: string): OutputPayload {
  const bytes = new TextEncoder().encode(text);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return {
    id,
    mediaType: 'application/json',
    payload: { kind: 'inline', bytes, size: bytes.length, sha256 },
  };
}

export const succeed = (text: string): Started => ({
  kind: 'finished',
  outcome: { kind: 'succeeded', outputs: [output('result', text)], messages: [], usage },
});

/** Answers with its own input. */
export const echo: Behaviour = async ({ input }) => succeed(textOf(input));

/** Works until it is stopped, and then says so. */
export const untilStopped: Behaviour = async (_, stop) => {
  await new Promise((resolve) => stop.addEventListener('abort', resolve));
  return { kind: 'finished', outcome: { kind: 'cancelled', usage } };
};

export const textOf = ({ payload }: RunInput): string => {
  if (payload.kind !== 'inline') throw new Error('Probe inputs are inline');
  return new TextDecoder().decode(payload.bytes);
};

/** A tier that does what the test says, and notes what it was asked for. */
export class ProbeTier extends ExecutionTier {
  behaviour: Behaviour = echo;
  health_: TierHealth = { healthy: true };
  readonly started: Attempt[] = [];
  private readonly running = new Map<string, { controller: AbortController; ended: Promise<unknown> }>();

  constructor(
    readonly name: TierName = 'in-process',
    private readonly slots = 4,
  ) {
    super();
  }

  supports(): { ok: true } {
    return { ok: true };
  }

  async start(attempt: Attempt): Promise<Started> {
    this.started.push(attempt);
    const controller = new AbortController();
    const key = `${attempt.runId} ${attempt.attempt}`;
    const ended = this.behaviour(attempt, controller.signal);
    this.running.set(key, { controller, ended });
    try {
      return await ended;
    } finally {
      this.running.delete(key);
    }
  }

  async cancel({ runId, attempt }: AttemptRef): Promise<void> {
    const found = this.running.get(`${runId} ${attempt}`);
    found?.controller.abort();
    await found?.ended.catch(() => {});
  }

  async inspect(attempts: SubmittedAttempt[]): Promise<Standing[]> {
    return attempts.map(() => ({ kind: 'unknown' }));
  }

  capacity(): TierCapacity {
    return { slots: this.slots, free: Math.max(0, this.slots - this.running.size) };
  }

  async health(): Promise<TierHealth> {
    return this.health_;
  }
}

/** Reads the members of a JSON body that admission and the answer need. */
export class ProbeInspector extends InputInspector {
  released = 0;

  async inspect(input: RunInput): Promise<InspectedInput> {
    let body: { mode?: 'sync' | 'async'; features?: number };
    try {
      body = JSON.parse(textOf(input)) as typeof body;
    } catch (cause) {
      throw new AppError('invalid-input', 'invalid-input', 'The body is not JSON.', { cause });
    }
    const request: RequestOptions = { response: 'raw', mode: body.mode };
    const summary = { bytes: input.payload.size, features: body.features ?? 1, vertices: 1, scalars: {} };
    return { request, summary, release: () => void (this.released += 1) };
  }
}
