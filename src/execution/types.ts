import type { ProcessDefinition, TierName } from '../registry/index.js';
import type { TableInPlace } from '../shared/layer-reference.js';

/** The protocol a request came in by; it decides how the stored request body is read. */
export type Surface = 'ogc-processes' | 'geoservices';

/** Bytes, wherever they are. `sha256` is lower-case hex of exactly these bytes. */
export type Payload =
  | { kind: 'inline'; bytes: Uint8Array<ArrayBuffer>; size: number; sha256: string }
  | { kind: 'artifact'; key: string; size: number; sha256: string };

/** A value that a request names instead of holding it. */
export interface Reference {
  href: string;
  /** What the request says it is. */
  mediaType?: string;
  /** JSON pointer into the request body, of the first place that names it. */
  path: string;
  /** Whether features are wanted, which may be left in their table. */
  isFeatures?: boolean;
  /** Whether it goes to a worker as it is, unread: then no memory limits its size. */
  isFile?: boolean;
}

/** What a reference gave, once and for all: later attempts read the same bytes. */
export interface FetchedReference {
  href: string;
  /** What the request says it is, else what its host said. */
  mediaType: string;
  key: string;
  size: number;
  sha256: string;
  /** Where it is a layer: which, and where its data is. The bytes of one that is left in its table describe it. */
  layer?: { id: string; provider: string; inPlace?: TableInPlace };
}

/** The request as it was sent: nothing of it is lost, so a later attempt reads the same thing. */
export interface RunInput {
  surface: Surface;
  mediaType: string;
  payload: Payload;
  /** Values that the request names; those it was found to want. */
  references?: FetchedReference[];
}

export interface InputLimits {
  maxFeatures: number;
  maxVertices: number;
}

/** How one output was asked for. */
export interface RequestedOutput {
  transmission?: 'value' | 'reference';
  mediaType?: string;
}

/** How features are to be written, where a protocol lets a request say so. */
export interface FeatureStyle {
  /** `OGC:CRS84` or `EPSG:<code>`; absent: as computed. */
  crs?: string;
  heights: boolean;
  /** With a description of their layer. */
  withLayer: boolean;
}

/** What a request says about when its run may start, and until when it is worth having. */
export interface ExecutionWish {
  /** -100 to 100; of one tenant's runs the higher starts first. 0 where it says nothing. */
  priority?: number;
  /** RFC 3339: a run that has not ended then is ended. */
  deadline?: string;
  /** A run that has not started after so many milliseconds is ended. */
  maxQueueWaitMs?: number;
}

/** The small members of a request; the large ones stay where they were parsed. */
export interface RequestOptions {
  /** Absent: all outputs. Empty: none. */
  outputs?: Record<string, RequestedOutput>;
  response: 'raw' | 'document';
  mode?: 'sync' | 'async';
  /** How the run is to be scheduled. */
  execution?: ExecutionWish;
  features?: FeatureStyle;
  /** What reading the request had to leave out, to be told with the run's own messages. */
  notes?: RunMessage[];
  subscriber?: { successUri?: string; inProgressUri?: string; failedUri?: string };
}

/** What the inputs turned out to hold; admission decides on it. `bbox` is [west, south, east, north]. */
export interface InputSummary {
  bytes: number;
  features: number;
  vertices: number;
  bbox?: [number, number, number, number];
  /** Scalar inputs after defaults and aliases, for cost and for the record. */
  scalars: Record<string, string | number | boolean>;
  /** Of the features and vertices, those that are left in tables: what is sent is limited, what is there is not. */
  inPlace?: { features: number; vertices: number };
}

/**
 * A request that was parsed, validated and measured, and is still held where that happened. Pass it to the attempt
 * to go on without parsing again, or release it. Releasing twice, or after use, does nothing.
 */
export interface InspectedInput {
  readonly request: RequestOptions;
  readonly summary: InputSummary;
  release(): void;
}

/**
 * Parses, validates and measures a request before anything runs. Throws AppError `invalid-input`, `too-large`, and
 * ReferencesWanted where values are missing that the request names.
 */
export abstract class InputInspector {
  abstract inspect(
    input: RunInput,
    definition: ProcessDefinition,
    limits: InputLimits,
    signal?: AbortSignal,
  ): Promise<InspectedInput>;
}

/** Names one attempt; `attempt` is the fencing token of every write it makes. */
export interface AttemptRef {
  runId: string;
  tenant: string;
  attempt: number;
}

export interface Attempt extends AttemptRef {
  tier: TierName;
  definition: ProcessDefinition;
  input: RunInput;
  inspected?: InspectedInput;
  limits: InputLimits & {
    maxOutputFeatures: number;
    maxOutputBytes: number;
    timeoutMs: number;
    memoryBytes: number;
  };
  traceparent?: string;
}

export interface OutputPayload {
  id: string;
  mediaType: string;
  payload: Payload;
  features?: number;
}

export interface Usage {
  wallMs: number;
  cpuMs: number;
}

export interface RunMessage {
  level: 'info' | 'warning' | 'error';
  text: string;
}

export type FailureReason =
  | 'invalid-input'
  | 'process-error'
  | 'timeout'
  | 'out-of-memory'
  | 'too-large'
  | 'invalid-result'
  | 'tier-lost'
  | 'rejected'
  | 'queue-timeout'
  | 'approval-rejected'
  /** Of an array run: too many of its runs did not succeed. */
  | 'children-failed';

export interface RunFailure {
  reason: FailureReason;
  /** For people; never a path, SQL or stack. */
  message: string;
  retryable: boolean;
}

/** How an attempt ended. */
export type Outcome =
  | { kind: 'succeeded'; outputs: OutputPayload[]; messages: RunMessage[]; usage: Usage }
  | { kind: 'failed'; failure: RunFailure; messages: RunMessage[]; usage: Usage }
  | { kind: 'cancelled'; usage: Usage };

/** An attempt by the name that its tier has for it. */
export interface SubmittedAttempt extends AttemptRef {
  handle: string;
}

/** How a submitted attempt stands. Unknown: nobody has heard of it, or it is silent for too long. */
export type Standing =
  | { kind: 'ended'; outcome: Outcome }
  | { kind: 'running'; percent?: number; message?: string }
  | { kind: 'unknown' };

/** What starting an attempt led to: accepted elsewhere can never be taken for finished. */
export type Started =
  | { kind: 'finished'; outcome: Outcome }
  | { kind: 'submitted'; handle: string }
  | { kind: 'refused'; reason: string };
