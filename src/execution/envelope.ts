import type { ProcessDefinition } from '../registry/index.js';
import type { RawInput } from '../registry/worker.js';
import type { RequestOptions, Surface } from './types.js';

/** A request body of some protocol, taken apart: the inputs as sent, and everything else. */
export interface Envelope {
  inputs: RawInput[];
  options: RequestOptions;
}

/** Takes a parsed body apart. Runs in worker threads. Throws AppError `invalid-input`, `unsupported`. */
export type EnvelopeReader = (body: unknown, definition: ProcessDefinition) => Envelope;

/** The reader of each protocol whose requests this process takes. */
export type EnvelopeReaders = Partial<Record<Surface, EnvelopeReader>>;
