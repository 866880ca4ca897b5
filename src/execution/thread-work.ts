import type { ProcessDefinition } from '../registry/index.js';
import type { FetchedReference, InputLimits, Payload, Surface } from './types.js';

/** What is known of a request before it is read: how it was sent, and what for. Cloneable. */
export interface RequestToRead {
  surface: Surface;
  mediaType: string;
  definition: ProcessDefinition;
  limits: InputLimits;
  /** The values that the request names, as far as they were fetched. */
  references?: ReferenceFile[];
}

export type ReferenceFile = Pick<FetchedReference, 'href' | 'mediaType' | 'size' | 'layer'> & {
  path: string;
};

/** Work in a compute thread that is no run: it has no row, and is lost with its caller. */
export interface ThreadJob {
  /** One of the names that the compute threads were composed with. */
  work: string;
  source: Payload;
  /** Small and cloneable. */
  parameters: unknown;
  maxBytes: number;
  timeoutMs: number;
  signal?: AbortSignal;
  /** Told at its end how many milliseconds it had a thread for. */
  spent?: (computeMs: number) => void;
}

/** Bytes to bytes, away from the main thread: results written in another form, calculations without a run. */
export abstract class ThreadWork {
  /**
   * Throws what the work threw as AppError, and `timeout`, `too-large` (memory), `unavailable` (threads busy),
   * `not-found` (the source is gone).
   */
  abstract do(job: ThreadJob): Promise<Uint8Array<ArrayBuffer>>;
}

/** What a work gets in its thread. `Engine` is the thread's geometry engine. */
export interface WorkContext<Engine> {
  source: Buffer;
  parameters: unknown;
  maxBytes: number;
  engine: Engine;
  /** JSON to its value: the whole source, or text that stands in it. Throws AppError. */
  json(text?: Buffer): unknown;
}

/** Runs in worker threads. It throws AppError for whatever its input is to blame for. */
export type Work<Engine> = (context: WorkContext<Engine>) => Uint8Array<ArrayBuffer>;
export type Works<Engine> = Record<string, Work<Engine>>;
