import type { ProcessDefinition } from '../registry/index.js';
import type { RawInput } from '../registry/worker.js';
import type { RequestOptions, Surface } from './types.js';

/** A request body of some protocol, taken apart: the inputs as sent, and everything else. */
export interface Envelope {
  inputs: RawInput[];
  options: RequestOptions;
}

/** A request body as it was received. */
export interface ReceivedBody {
  bytes: Buffer;
  /** With its parameters, where the body cannot be read without them (multipart). */
  mediaType: string;
  /** JSON to its value: the whole body, or text that stands in it. Throws AppError `invalid-input`, `too-large`. */
  json(text?: Buffer): unknown;
}

/** Takes a body apart. Runs in worker threads. Throws AppError `invalid-input`, `unsupported`. */
export type EnvelopeReader = (body: ReceivedBody, definition: ProcessDefinition) => Envelope;

/** The reader of each protocol whose requests this process takes. */
export type EnvelopeReaders = Partial<Record<Surface, EnvelopeReader>>;
