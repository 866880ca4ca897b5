import type { MessagePort } from 'node:worker_threads';
import type {
  InputSummary,
  Reference,
  RequestOptions,
  RequestToRead,
  RunFailure,
  RunMessage,
} from '../../execution/index.js';
import type { AppErrorKind, Fault } from '../../shared/app-error.js';

/** What a compute thread gets: a request to read, and the port the two sides talk through. */
export interface ComputeTask extends RequestToRead {
  port: MessagePort;
  source: { bytes: Uint8Array } | { path: string };
  /** Present when nothing between reading and computing has to be decided: no hand-shake then. */
  go?: ComputeLimits;
}

/** Work that is no run: bytes to bytes. */
export interface WorkTask {
  port: MessagePort;
  source: ComputeTask['source'];
  work: string;
  parameters: unknown;
  maxBytes: number;
}

export type ThreadTask = ComputeTask | WorkTask;

export interface ComputeLimits {
  maxOutputFeatures: number;
  maxOutputBytes: number;
}

export interface ComputedOutput {
  id: string;
  mediaType: string;
  bytes: Uint8Array<ArrayBuffer>;
  sha256: string;
  features?: number;
}

export type Computed =
  | { ok: true; outputs: ComputedOutput[]; messages: RunMessage[]; cpuMs: number }
  | {
      ok: false;
      failure: RunFailure;
      messages: RunMessage[];
      cpuMs: number;
      /** For the log alone: the stack of an error that nobody foresaw. */
      defect?: string;
    };

export interface RefusedInput {
  kind: AppErrorKind;
  code: string;
  message: string;
  faults: Fault[];
  /** What it lacked, where it would be read if it had that. */
  references?: Reference[];
}

/** From the thread. `used: true` asks that the thread be replaced: its memory has grown or its engine is broken. */
export type ThreadMessage =
  | { kind: 'started' }
  | { kind: 'inspected'; request: RequestOptions; summary: InputSummary }
  | { kind: 'refused'; error: RefusedInput }
  | { kind: 'progress'; percent: number; message?: string }
  | { kind: 'computed'; computed: Computed; used: boolean };

/** To the thread, once, after `inspected`. */
export type Verdict = { kind: 'go'; limits: ComputeLimits } | { kind: 'stop' };

/** Shared by all threads of the server. */
export interface ThreadData {
  geos: WebAssembly.Module;
  heapBytes: number;
  recycleAboveBytes: number;
  progressEveryMs: number;
  /** How long a thread stays with a parsed request that nobody decides on. */
  parkLimitMs: number;
}
