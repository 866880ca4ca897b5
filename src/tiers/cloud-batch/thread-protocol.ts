import type { RequestToRead } from '../../execution/index.js';

/** The work of this tier in compute threads. */
export const STAGE_WORK = 'batch-input';

export type StageParameters = RequestToRead;

/** A file of a request: `size` bytes that follow, or what was fetched for `href`. */
export type StagedFile = { mediaType: string; crs?: string } & ({ size: number } | { href: string });

/** A request without its files, whose bytes follow in the order in which they are named. */
export interface StageHead {
  /** Scalar inputs by name, lengths in units of the coordinate system of the features. */
  values: Record<string, unknown>;
  files: { input: string; file: StagedFile }[];
  /** The outputs that are wanted; absent: all. */
  outputs?: string[];
}
