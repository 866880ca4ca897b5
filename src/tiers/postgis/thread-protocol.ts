import type { RequestOptions, RequestToRead, RunMessage } from '../../execution/index.js';

/** The works of this tier in compute threads. */
export const READ_WORK = 'postgis-input';
export const WRITE_WORK = 'postgis-output';

export type ReadParameters = RequestToRead;

/** Features of one input: `size` bytes of JSON text as `honua_gp.stage_features` takes them, or a table to have in place. */
export interface StagedInput {
  name: string;
  size: number;
  srid: number;
  policy: 'repair' | 'repair-to-lines' | 'refuse' | 'accept';
  /** The reference by which the request names the layer. */
  table?: string;
}

/** The request without its features, which follow in the order of `inputs`. */
export interface ReadHead {
  options: RequestOptions;
  /** What the procedure gets: scalar inputs by name, lengths in units of the system of the features. */
  request: Record<string, unknown>;
  inputs: StagedInput[];
  /** The system of the result. */
  crs: string;
  output: { outputCrs?: string; coordinatePrecision?: number };
}

export interface WriteParameters {
  crs: string;
  output: ReadHead['output'];
}

/** The styled result follows. */
export interface WriteHead {
  messages: RunMessage[];
}
