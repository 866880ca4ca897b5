import { requireKey } from './artifact-key.js';

/** Days that objects of a run are kept at the most, whoever forgets to delete them. */
export interface S3Retention {
  staged: number;
  outputs: number;
  logs: number;
}

export interface S3PlacesSettings {
  inputBucket: string;
  outputBucket: string;
  retentionDays: S3Retention;
}

/** What jobs read, the request and what it refers to: they get at the bucket of inputs without a right to anything else. */
const OF_INPUTS = /^(?:jobs|inputs)(?:\/|$)/;
const OF_RUN = /^(jobs|runs|logs)\/([^/]+)\//;
const KEPT = { jobs: 'staged', runs: 'outputs', logs: 'logs' } as const;

/** Where keys are in S3, and by what tags their objects are known to lifecycle rules. */
export class S3Places {
  constructor(private readonly settings: S3PlacesSettings) {}

  get buckets(): string[] {
    return [...new Set([this.settings.inputBucket, this.settings.outputBucket])];
  }

  of(key: string): { Bucket: string; Key: string } {
    requireKey(key);
    const { inputBucket, outputBucket } = this.settings;
    return { Bucket: OF_INPUTS.test(key) ? inputBucket : outputBucket, Key: key };
  }

  /** As a query string; undefined for what belongs to no run. */
  tagsOf(key: string): string | undefined {
    const found = OF_RUN.exec(key);
    if (!found) return undefined;
    const days = this.settings.retentionDays[KEPT[found[1] as keyof typeof KEPT]];
    return new URLSearchParams({ 'job-id': found[2]!, 'retention-days': String(Math.ceil(days)) }).toString();
  }
}
