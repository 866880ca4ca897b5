/** What the command reads of the documents of the server, and no more. Members may be missing where another server answers. */

export interface Link {
  href: string;
  rel: string;
  type?: string;
}

/** RFC 9457. */
export interface Problem {
  title?: string;
  status?: number;
  detail?: string;
  code?: string;
  /** `path` is a JSON pointer into the body of the request, or `?name` of a query. */
  faults?: { path: string; message: string }[];
}

/** JSON Schema as OpenAPI 3.0 has it. */
export interface ValueSchema {
  type?: string;
  format?: string;
  description?: string;
  enum?: unknown[];
  default?: unknown;
  minimum?: number;
  maximum?: number;
  oneOf?: ValueSchema[];
  properties?: Record<string, ValueSchema>;
}

export interface InputDescription {
  title?: string;
  description?: string;
  minOccurs?: number;
  maxOccurs?: number | 'unbounded';
  schema: ValueSchema;
  additionalParameters?: { parameters: { name: string; value: unknown[] }[] };
}

export interface ProcessSummary {
  id: string;
  version: string;
  title?: string;
  description?: string;
  jobControlOptions?: string[];
}

export interface ProcessDescription extends ProcessSummary {
  inputs: Record<string, InputDescription>;
  outputs: Record<string, { title?: string; description?: string; schema: ValueSchema }>;
}

export type JobStatus = 'accepted' | 'running' | 'successful' | 'failed' | 'dismissed';

/** How many of an array run's children are in which state. */
export interface ArrayCounts {
  size: number;
  queued: number;
  running: number;
  succeeded: number;
  failed: number;
  cancelled: number;
}

export interface StatusInfo {
  jobID: string;
  processID?: string;
  status: JobStatus;
  /** 0 to 100. */
  progress?: number;
  message?: string;
  /** RFC 3339, in UTC. */
  updated?: string;
  exception?: Problem;
  /** Of the parent of an array run. */
  array?: ArrayCounts;
  links?: Link[];
}

export interface ChildInfo {
  index: number;
  label?: string;
  jobID: string;
  status: JobStatus;
  progress?: number;
  message?: string;
}

export interface ChildrenPage {
  children: ChildInfo[];
  numberMatched: number;
}

/** The answer to a dry run. */
export interface Decision {
  admitted: boolean;
  reason: string;
  code?: string;
  mode?: 'sync' | 'async';
  tiers?: string[];
  estimatedCostUnits?: number;
  approval?: { reason: string };
  warnings?: string[];
  retryAfterSeconds?: number;
}

export interface UploadInfo {
  id: string;
  href: string;
  size: number;
}

export const isOver = (status: JobStatus): boolean => status !== 'accepted' && status !== 'running';
