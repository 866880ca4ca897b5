/**
 * AWS Batch for tests: its REST protocol with the limits it documents, running the commands of jobs on this machine, with
 * faults on demand. The real SDK speaks to it by AWS_ENDPOINT_URL_BATCH.
 */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { checkSubmission, clientError, failsAtOnce, Refusal } from './documented-limits.js';
import { EventDelivery, type EventSink } from './event-delivery.js';
import type { FakeDefinition, FakeJob, FakeQueue, Submission } from './fake-job.js';
import { isOver } from './fake-job.js';
import { type FaultKnobs, noFaults, seeded } from './fault-knobs.js';
import { JobLife, type LifeSupport } from './job-life.js';
import { listJobs, type ListRequest } from './list-jobs.js';
import type { StandIn } from './run-command.js';

export interface FakeBatchOptions {
  queues?: Record<string, FakeQueue>;
  /** By `name:revision`. */
  definitions?: Record<string, FakeDefinition>;
  /** Where events go. */
  events?: EventSink;
  /** Where logs go. */
  logs?: (log: { group: string; stream: string; text: string }) => Promise<void>;
  /** Answers a quick function for jobs that are to run no program. */
  standInFor?: (job: FakeJob) => StandIn | undefined;
  /** What programs get besides what their jobs say: PATH, endpoints, credentials. */
  surroundings?: Record<string, string>;
  /** What the image puts before each command. */
  entryPoint?: string[];
  /** Programs at once; stand-ins do not count. */
  machines?: number;
  seed?: number;
}

const REGION = 'us-east-1';
const ACCOUNT = '123456789012';
const CALLS_PER_SECOND = 50;
const arn = (rest: string): string => `arn:aws:batch:${REGION}:${ACCOUNT}:${rest}`;

export class FakeBatch {
  readonly faults: FaultKnobs = noFaults();
  /** By their names, as many as were made. */
  readonly calls: Record<string, number> = {};
  readonly jobs = new Map<string, FakeJob>();
  readonly events: EventDelivery;
  url = '';
  /** Answers to calls of this name wait for this. */
  hold?: { action: string; until: Promise<unknown> };
  private readonly lives = new Map<string, JobLife>();
  private readonly server: Server;
  private readonly random: () => number;
  private readonly recent: number[] = [];
  private readonly waiting: (() => void)[] = [];
  private free: number;
  private readonly support: LifeSupport;

  private constructor(private readonly options: FakeBatchOptions) {
    this.random = seeded(options.seed ?? 20_260_101);
    this.free = options.machines ?? 2;
    this.events = new EventDelivery(options.events ?? (() => {}), this.faults, this.random);
    this.support = {
      standInFor: (job) => options.standInFor?.(job),
      entryPoint: options.entryPoint ?? [],
      surroundings: options.surroundings ?? { PATH: '/usr/bin:/bin' },
      changed: (job) => this.changed(job),
      machine: (job) => this.machine(job),
      writeLog: async (group, stream, said) => {
        if (options.logs) await options.logs({ group, stream, text: said });
      },
      isReclaimed: (job) => job.attempts.length === 0 && this.random() < this.faults.reclaim,
      hasLogStream: () => this.random() >= this.faults.noLogStream,
      random: this.random,
      logStreamOf: ({ jobId }, number) => `worker/default/${jobId.replaceAll(':', '-')}-${number}`,
    };
    this.server = createServer((request, response) => void this.answer(request, response));
  }

  static async start(options: FakeBatchOptions = {}): Promise<FakeBatch> {
    const fake = new FakeBatch(options);
    await new Promise<void>((resolve) => fake.server.listen(0, '127.0.0.1', resolve));
    fake.url = `http://127.0.0.1:${(fake.server.address() as AddressInfo).port}`;
    return fake;
  }

  named(jobName: string): FakeJob[] {
    return [...this.jobs.values()].filter((job) => job.jobName === jobName);
  }

  /** As somebody else would, or AWS itself. */
  terminate(jobId: string, reason: string): void {
    this.lives.get(jobId)!.terminate(reason);
  }

  /** Ends what runs, and answers nobody any more. */
  async close(): Promise<void> {
    this.events.close();
    for (const life of this.lives.values()) life.terminate('The test is over');
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    await Promise.race([this.events.settled(), new Promise((resolve) => setTimeout(resolve, 2_000))]);
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const action = request.url?.split('/').at(-1) ?? '';
    this.calls[action] = (this.calls[action] ?? 0) + 1;
    try {
      const body = await text(request);
      this.admit(action);
      const answer = this.perform(action, body === '' ? {} : JSON.parse(body), Buffer.byteLength(body));
      if (this.hold?.action === action) await this.hold.until;
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    } catch (error) {
      const refusal =
        error instanceof Refusal ? error : new Refusal(500, 'ServerException', (error as Error).message);
      response
        .writeHead(refusal.status, {
          'content-type': 'application/json',
          'x-amzn-errortype': refusal.type,
        })
        .end(JSON.stringify({ message: refusal.message }));
    }
  }

  /** Credentials first, then the rate. Throws Refusal. */
  private admit(action: string): void {
    if (this.faults.revoked)
      throw new Refusal(403, 'UnrecognizedClientException', 'The security token in the request is invalid.');
    const tooMany = new Refusal(429, 'TooManyRequestsException', 'Too Many Requests');
    if (this.random() < this.faults.throttle) throw tooMany;
    if (action !== 'submitjob') return;
    const now = performance.now();
    while (this.recent.length > 0 && this.recent[0]! < now - 1000) this.recent.shift();
    if (this.recent.length >= CALLS_PER_SECOND) throw tooMany;
    this.recent.push(now);
  }

  private perform(action: string, body: unknown, bytes: number): object {
    switch (action) {
      case 'submitjob':
        return this.submit(body as Submission, bytes);
      case 'describejobs':
        return this.describe(body as { jobs?: string[] });
      case 'listjobs':
        return listJobs(this.visible(), body as ListRequest);
      case 'canceljob':
        return this.stop(body as { jobId: string; reason: string }, 'cancel');
      case 'terminatejob':
        return this.stop(body as { jobId: string; reason: string }, 'terminate');
      case 'describejobqueues':
        return this.describeQueues(body as { jobQueues?: string[] });
      default:
        throw clientError(`There is no action ${action}.`);
    }
  }

  private submit(given: Submission, bytes: number): object {
    const queue = this.options.queues?.[nameIn(given.jobQueue)];
    const definition = this.options.definitions?.[nameIn(given.jobDefinition)];
    checkSubmission(given, bytes, queue, definition);
    if (this.random() < this.faults.failBefore) throw new Refusal(500, 'ServerException', 'Try again.');
    const job = this.accept(given, definition!);
    if (this.random() < this.faults.failAfterAccept)
      throw new Refusal(500, 'ServerException', 'Lost on the way.');
    return { jobArn: job.jobArn, jobName: job.jobName, jobId: job.jobId };
  }

  private accept(given: Submission, definition: FakeDefinition): FakeJob {
    const jobId = randomUUID();
    const size = given.arrayProperties?.size;
    const parent = this.made(given, definition, jobId);
    const reason = failsAtOnce(given);
    if (reason !== undefined) {
      queueMicrotask(() => this.lives.get(jobId)!.end('FAILED', reason));
      return parent;
    }
    if (size === undefined) {
      setImmediate(() => void this.lives.get(jobId)!.live());
      return parent;
    }
    parent.arrayProperties = { size, statusSummary: {} };
    setImmediate(() => {
      for (let index = 0; index < size; index += 1) {
        const child = this.made(given, definition, `${jobId}:${index}`);
        child.arrayProperties = { index };
        void this.lives.get(child.jobId)!.live();
      }
    });
    return parent;
  }

  private made(given: Submission, definition: FakeDefinition, jobId: string): FakeJob {
    const overrides = given.containerOverrides ?? {};
    const environment = new Map(Object.entries(definition.environment ?? {}));
    for (const { name, value } of overrides.environment ?? []) environment.set(name, value);
    const needs = new Map((definition.resourceRequirements ?? []).map((one) => [one.type, one]));
    for (const one of overrides.resourceRequirements ?? []) needs.set(one.type, one);
    const job: FakeJob = {
      jobArn: arn(`job/${jobId}`),
      jobName: given.jobName,
      jobId,
      jobQueue: arn(`job-queue/${nameIn(given.jobQueue)}`),
      jobDefinition: arn(`job-definition/${nameIn(given.jobDefinition)}`),
      status: 'SUBMITTED',
      attempts: [],
      createdAt: Date.now(),
      retryStrategy: {
        attempts: given.retryStrategy?.attempts ?? 1,
        evaluateOnExit: given.retryStrategy?.evaluateOnExit ?? [],
      },
      dependsOn: [],
      parameters: given.parameters ?? {},
      container: {
        image: definition.image ?? 'fake',
        command: overrides.command ?? definition.command ?? [],
        environment: [...environment].map(([name, value]) => ({ name, value })),
        resourceRequirements: [...needs.values()],
        logConfiguration: {
          logDriver: 'awslogs',
          options: { 'awslogs-group': definition.logGroup ?? '/aws/batch/job' },
        },
      },
      ...(given.timeout?.attemptDurationSeconds !== undefined && {
        timeout: { attemptDurationSeconds: given.timeout.attemptDurationSeconds },
      }),
      tags: given.tags ?? {},
      propagateTags: given.propagateTags ?? false,
      platformCapabilities: ['EC2'],
      ...(given.shareIdentifier !== undefined && { shareIdentifier: given.shareIdentifier }),
      isCancelled: false,
      isTerminated: false,
    };
    this.jobs.set(jobId, job);
    this.lives.set(jobId, new JobLife(job, this.support));
    return job;
  }

  private describe({ jobs: ids = [] }: { jobs?: string[] }): object {
    if (ids.length === 0 || ids.length > 100) throw clientError('Between 1 and 100 jobs may be described.');
    const known = new Map(this.visible().map((job) => [job.jobId, job]));
    return { jobs: [...new Set(ids)].flatMap((id) => known.get(nameIn(id)) ?? []) };
  }

  private visible(): FakeJob[] {
    const all = [...this.jobs.values()];
    return this.faults.vanish ? all.filter((job) => !isOver(job)) : all;
  }

  private stop({ jobId, reason }: { jobId: string; reason: string }, how: 'cancel' | 'terminate'): object {
    if (!reason) throw clientError('A reason must be given.');
    if (reason.length > 1024) throw clientError('A reason may be 1024 characters long.');
    const life = this.lives.get(jobId);
    // Jobs that nobody knows any more, or that are over, are no error.
    const children = [...this.lives.values()].filter(({ job }) => job.jobId.startsWith(`${jobId}:`));
    for (const one of children.length > 0 ? children : life ? [life] : []) one[how](reason);
    return {};
  }

  private describeQueues({ jobQueues }: { jobQueues?: string[] }): object {
    const names = jobQueues?.map(nameIn) ?? Object.keys(this.options.queues ?? {});
    const queues = names.flatMap((name) => {
      const queue = this.options.queues?.[name];
      if (!queue) return [];
      const jobQueueArn = arn(`job-queue/${name}`);
      const policy = queue.hasPolicy && { schedulingPolicyArn: arn('scheduling-policy/fair') };
      const order = [{ order: 1, computeEnvironment: arn('compute-environment/fake') }];
      const about = { jobQueueName: name, jobQueueArn, state: 'ENABLED', status: 'VALID', priority: 1 };
      return [{ ...about, ...policy, computeEnvironmentOrder: order }];
    });
    return { jobQueues: queues };
  }

  private changed(job: FakeJob): void {
    this.events.tell(job);
    const [parentId, index] = job.jobId.split(':');
    const parent = this.jobs.get(parentId!);
    if (index === undefined || !parent?.arrayProperties || !('size' in parent.arrayProperties)) return;
    const { size, statusSummary } = parent.arrayProperties;
    const children = Array.from({ length: size }, (_, at) => this.jobs.get(`${parentId}:${at}`));
    for (const status of Object.keys(statusSummary)) statusSummary[status] = 0;
    for (const child of children)
      if (child) statusSummary[child.status] = (statusSummary[child.status] ?? 0) + 1;
    if (isOver(parent)) return;
    if (children.every((child) => child && isOver(child))) {
      const hasFailed = children.some((child) => child!.status === 'FAILED');
      this.lives
        .get(parentId!)!
        .end(hasFailed ? 'FAILED' : 'SUCCEEDED', hasFailed ? 'Array Child Job failed' : undefined);
    } else if (parent.status === 'SUBMITTED') {
      parent.status = 'PENDING';
      this.events.tell(parent);
    }
  }

  private async machine(job: FakeJob): Promise<() => void> {
    const isStuck = (): boolean =>
      this.faults.stuckRunnable || this.options.queues?.[nameIn(job.jobQueue)]?.isStuck === true;
    while (isStuck() && !isOver(job)) await new Promise((resolve) => setTimeout(resolve, 50));
    if (this.options.standInFor?.(job)) return () => {};
    while (this.free <= 0 && !isOver(job)) await new Promise<void>((resolve) => this.waiting.push(resolve));
    this.free -= 1;
    return () => {
      this.free += 1;
      for (const next of this.waiting.splice(0)) next();
    };
  }
}

/** What names are, with or without the rest of an ARN. */
const nameIn = (text: string): string => text.split('/').at(-1)!;
