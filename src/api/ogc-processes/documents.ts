import type { ProcessSummary } from './describe/describe-process.js';
import type { Link } from './link.js';
import type { JobStatus, StatusInfo } from './status-info.js';

/** landingPage.yaml */
export interface LandingDocument {
  title: string;
  description: string;
  links: Link[];
}

/** confClasses.yaml */
export interface ConformanceDocument {
  conformsTo: string[];
  links: Link[];
}

/** processList.yaml */
export interface ProcessList {
  processes: ProcessSummary[];
  /** Beside the standard: how many there are on all pages. */
  numberMatched: number;
  links: Link[];
}

/** jobList.yaml */
export interface JobList {
  jobs: StatusInfo[];
  links: Link[];
}

/** Beside the standard: the runs of an array, by their place in it. */
export interface ChildList {
  children: StatusInfo[];
  /** Of this status, on all pages. */
  numberMatched: number;
  links: Link[];
}

/** Beside the standard: where the results of each run of an array are. */
export interface ArrayResults {
  children: { index: number; label?: string; jobID: string; status: JobStatus; href?: string }[];
  succeeded: number;
  failed: number;
  cancelled: number;
}
