import { AppError } from '../shared/app-error.js';
import type { RequestOptions, Surface } from './types.js';

/** What an array run may have. */
export const FEWEST_ENTRIES = 2;
export const MOST_ENTRIES = 10_000;

const CODE = 'array-request';

/** A request that was read is not one run but an array of them; whoever dispatched it has it taken apart by `ARRAY_WORK`. */
export class ArrayRequested extends AppError {
  constructor() {
    super('unsupported', CODE, 'An array of runs is not taken here.', {
      faults: [{ path: '/array', message: 'is not taken here' }],
    });
  }

  /** Errors that come from a thread are known by their code alone. */
  static is(error: unknown): boolean {
    return error instanceof AppError && error.code === CODE;
  }
}

/** The work that takes a request for an array apart. It gives frames: an `ArrayHead`, and the bodies of its entries. */
export const ARRAY_WORK = 'array-entries';

export interface ArrayParameters {
  surface: Surface;
  mediaType: string;
}

/** Of each entry, in order, the label and how many of the bytes that follow are its own request. */
export interface ArrayHead {
  entries: { label?: string; size: number }[];
  /** Of the bodies of the entries. */
  mediaType: string;
  /** As soon as more have failed, the rest is not run. Absent: all are run. */
  maxFailures?: number;
  subscriber?: RequestOptions['subscriber'];
}
