import type {
  BatchClient,
  JobDetail,
  JobStatus,
  JobSummary,
  SubmitJobCommandInput,
} from '@aws-sdk/client-batch';
import { setTimeout as sleep } from 'node:timers/promises';
import { AwsClients } from './aws-clients.js';
import { rejected, toBatchError } from './batch-error.js';
import { CallPace } from './call-pace.js';
import { type JobRequest, submitRequest } from './job-request.js';

export interface AwsBatchSettings {
  region: string;
  /** Where and as what jobs run that say nothing else. */
  jobQueue: string;
  jobDefinition: string;
  /** Of jobs that name no log group. */
  logGroupName: string;
}

export interface SubmittedJob {
  jobId: string;
  jobName: string;
}

export const JOB_STATUSES = [
  'SUBMITTED',
  'PENDING',
  'RUNNABLE',
  'STARTING',
  'RUNNING',
  'SUCCEEDED',
  'FAILED',
] as const;

/** Of one DescribeJobs. */
const MOST_IDS = 100;
const MOST_TRIES = 5;
const RETRY_MS = 500;
const LONGEST_REASON = 1_024;
const LOG_EVENTS = 10_000;

/**
 * AWS Batch for whoever runs commands there. Calls go at a rate that AWS takes. All methods throw BatchError; those that may
 * be done twice are tried again where AWS does not answer, a submission only where it certainly was not taken.
 */
export class AwsBatch {
  private readonly clients: AwsClients;
  private readonly pace = new CallPace();

  constructor(private readonly settings: AwsBatchSettings) {
    this.clients = new AwsClients(settings.region);
  }

  /** The request as it would be sent, after all checks. */
  dryRun(job: JobRequest): SubmitJobCommandInput {
    return submitRequest(job, this.settings);
  }

  /** An error that is ambiguous leaves open whether there is a job: look for it by its name before you ask again. */
  async submit(job: JobRequest): Promise<SubmittedJob> {
    const request = this.dryRun(job);
    const { SubmitJobCommand } = await this.clients.batch();
    const isSafe = ({ fault }: { fault: string }): boolean => fault === 'throttled';
    const { jobId, jobName } = await this.call(
      (client) => client.send(new SubmitJobCommand(request)),
      isSafe,
    );
    return { jobId: jobId!, jobName: jobName! };
  }

  /** Those that AWS knows, however many were asked for: it forgets jobs that are over. */
  async describe(jobIds: string[]): Promise<JobDetail[]> {
    const { DescribeJobsCommand } = await this.clients.batch();
    const found: JobDetail[] = [];
    for (let at = 0; at < jobIds.length; at += MOST_IDS) {
      const jobs = jobIds.slice(at, at + MOST_IDS);
      const answer = await this.call((client) => client.send(new DescribeJobsCommand({ jobs })));
      found.push(...(answer.jobs ?? []));
    }
    return found;
  }

  /** In all states unless one is named, `most` at most. */
  async list(
    jobQueue = this.settings.jobQueue,
    { status, most = 1_000 }: { status?: JobStatus; most?: number } = {},
  ): Promise<JobSummary[]> {
    const found: JobSummary[] = [];
    for (const jobStatus of status ? [status] : JOB_STATUSES)
      if (found.length < most)
        found.push(...(await this.listed({ jobQueue, jobStatus }, most - found.length)));
    return found;
  }

  /** In any state, by the whole name. */
  async listNamed(jobName: string, jobQueue = this.settings.jobQueue): Promise<JobSummary[]> {
    const filters = [{ name: 'JOB_NAME', values: [jobName] }];
    const found = await this.listed({ jobQueue, filters }, MOST_IDS);
    return found.filter((job) => job.jobName === jobName); // the filter takes any case
  }

  /** Takes a job out of the queue; one that has started goes on. */
  async cancel(jobId: string, reason: string): Promise<void> {
    const { CancelJobCommand } = await this.clients.batch();
    await this.call((client) => client.send(new CancelJobCommand({ jobId, reason: reasonOf(reason) })));
  }

  /** Ends a job in whichever state; one that is over, or unknown, is no error. */
  async terminate(jobId: string, reason: string): Promise<void> {
    const { TerminateJobCommand } = await this.clients.batch();
    await this.call((client) => client.send(new TerminateJobCommand({ jobId, reason: reasonOf(reason) })));
  }

  /** The last lines of a log stream. Undefined where there is none. */
  async logs(
    stream: string,
    { group = this.settings.logGroupName, lines = LOG_EVENTS }: { group?: string; lines?: number } = {},
  ): Promise<string[] | undefined> {
    const { client, GetLogEventsCommand } = await this.clients.logs();
    const about = { logGroupName: group, logStreamName: stream, limit: lines, startFromHead: false };
    try {
      const { events = [] } = await client.send(new GetLogEventsCommand(about));
      return events.map(({ message = '' }) => message);
    } catch (error) {
      if ((error as Error).name === 'ResourceNotFoundException') return undefined;
      throw toBatchError(error);
    }
  }

  close(): Promise<void> {
    return this.clients.close();
  }

  private async listed(
    about: { jobQueue: string; jobStatus?: JobStatus; filters?: { name: string; values: string[] }[] },
    most: number,
  ): Promise<JobSummary[]> {
    const { ListJobsCommand } = await this.clients.batch();
    const found: JobSummary[] = [];
    let nextToken: string | undefined;
    do {
      const maxResults = Math.min(MOST_IDS, most - found.length);
      const request = { ...about, maxResults, nextToken };
      const answer = await this.call((client) => client.send(new ListJobsCommand(request)));
      found.push(...(answer.jobSummaryList ?? []));
      ({ nextToken } = answer);
    } while (nextToken !== undefined && found.length < most);
    return found;
  }

  private async call<T>(
    ask: (client: BatchClient) => Promise<T>,
    maySafelyRepeat = ({ fault }: { fault: string }): boolean =>
      fault === 'throttled' || fault === 'unavailable',
  ): Promise<T> {
    const { client } = await this.clients.batch();
    for (let tries = 1; ; tries += 1) {
      await this.pace.turn();
      try {
        const answer = await ask(client);
        this.pace.goOn();
        return answer;
      } catch (thrown) {
        const error = toBatchError(thrown);
        if (error.fault === 'throttled') this.pace.slowDown();
        if (tries >= MOST_TRIES || !maySafelyRepeat(error)) throw error;
        if (error.fault === 'unavailable') await sleep(RETRY_MS * tries);
      }
    }
  }
}

function reasonOf(text: string): string {
  if (text.trim() === '') throw rejected('A reason must be given.');
  return text.slice(0, LONGEST_REASON);
}
