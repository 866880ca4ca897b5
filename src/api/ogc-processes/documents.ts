import type { ProcessSummary } from './describe/describe-process.js';
import type { Link } from './link.js';
import type { StatusInfo } from './status-info.js';

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
