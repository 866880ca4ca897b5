import { Controller, Get, Header, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBody,
  ApiCreatedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiQuery,
  ApiTags,
} from '@nestjs/swagger';
import { z } from 'zod';
import { AwsBatch, JOB_STATUSES, type JobDetail } from '../../../aws-batch/index.js';
import { CONFIG, type HonuaConfig } from '../../../config/index.js';
import { ApiProblem } from '../../../execution-adapter/index.js';
import { Access } from '../../../identity/index.js';
import { AppError } from '../../../shared/app-error.js';
import { bodySchema, JsonBody } from '../json-body.js';
import { validated } from '../validated.js';
import { BATCH_JOB, type BatchJobInfo, detailInfo, summaryInfo } from './batch-job-info.js';

const MOST_JOBS = 1_000;
const listQuery = z.strictObject({
  queue: z.string().min(1).optional(),
  status: z.enum(JOB_STATUSES).optional(),
});
const logsQuery = z.strictObject({ lines: z.coerce.number().int().min(1).max(10_000).default(1_000) });
const endBody = z.strictObject({ reason: z.string().trim().min(1).max(1_024) });
const submitBody = z.strictObject({
  jobName: z.string(),
  command: z.array(z.string()).min(1),
  envVars: z.record(z.string(), z.string()).optional(),
  jobQueue: z.string().optional(),
  jobDefinition: z.string().optional(),
  cpus: z.number().positive().optional(),
  memoryMiB: z.int().positive().optional(),
  gpus: z.int().nonnegative().optional(),
  timeoutSeconds: z.int().optional(),
  attempts: z.int().optional(),
  shareIdentifier: z.string().optional(),
  tags: z.record(z.string(), z.string()).optional(),
  arraySize: z.int().optional(),
  dryRun: z.boolean().default(false).describe('check it, and tell what would be sent to AWS'),
});
const OF_JOB = ApiParam({ name: 'jobId', description: 'As AWS Batch has it', schema: { type: 'string' } });
const HELLO = { jobName: 'hello', command: ['list'], dryRun: true };

/** What runs on AWS Batch, past the runs of this service; only where that is the provider of its workers. */
@ApiTags('Admin')
@Access({ scope: 'admin' })
@Controller('admin/batch/jobs')
export class BatchJobsController {
  constructor(
    @Inject(CONFIG) private readonly config: HonuaConfig,
    private readonly batch: AwsBatch,
  ) {}

  @Get()
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'The jobs of a queue of AWS Batch',
    operationId: 'listBatchJobs',
    description: `In all states unless one is named; ${MOST_JOBS} at most.`,
  })
  @ApiQuery({ name: 'queue', required: false, schema: { type: 'string' }, description: 'The configured one' })
  @ApiQuery({ name: 'status', required: false, schema: { type: 'string', enum: [...JOB_STATUSES] } })
  @ApiOkResponse({
    description: 'The jobs',
    schema: { type: 'object', required: ['jobs'], properties: { jobs: { type: 'array', items: BATCH_JOB } } },
  })
  @ApiProblem(400, 401, 403, 409, 503)
  async list(
    @Query(validated(listQuery)) { queue, status }: z.infer<typeof listQuery>,
  ): Promise<{ jobs: BatchJobInfo[] }> {
    this.requireAws();
    const jobs = await this.batch.list(queue, { status, most: MOST_JOBS });
    return { jobs: jobs.map(summaryInfo) };
  }

  @Post()
  @HttpCode(201)
  @ApiOperation({ summary: 'Run a command on AWS Batch', operationId: 'submitBatchJob' })
  @ApiBody({ schema: bodySchema(submitBody), examples: { hello: { value: HELLO } } })
  @ApiCreatedResponse({
    description: 'Its id and name; in a dry run what would be sent',
    schema: { type: 'object', additionalProperties: true },
  })
  @ApiProblem(400, 401, 403, 409, 503)
  async submit(
    @JsonBody(submitBody) { dryRun, ...job }: z.infer<typeof submitBody>,
  ): Promise<{ jobId: string; jobName: string } | { request: object }> {
    this.requireAws();
    return dryRun ? { request: this.batch.dryRun(job) } : this.batch.submit(job);
  }

  @Get(':jobId')
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'A job of AWS Batch', operationId: 'getBatchJob' })
  @OF_JOB
  @ApiOkResponse({ description: 'The job', schema: BATCH_JOB })
  @ApiProblem(401, 403, 404, 409, 503)
  async get(@Param('jobId') jobId: string): Promise<BatchJobInfo> {
    return detailInfo(await this.find(jobId));
  }

  @Get(':jobId/logs')
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'The end of what a job of AWS Batch said',
    operationId: 'getBatchJobLog',
    description: 'Of its last attempt; no lines where it has not said anything.',
  })
  @OF_JOB
  @ApiQuery({ name: 'lines', required: false, schema: { type: 'integer', minimum: 1, maximum: 10_000 } })
  @ApiOkResponse({
    description: 'Its last lines',
    schema: {
      type: 'object',
      required: ['lines'],
      properties: { lines: { type: 'array', items: { type: 'string' } } },
    },
  })
  @ApiProblem(400, 401, 403, 404, 409, 503)
  async logs(
    @Param('jobId') jobId: string,
    @Query(validated(logsQuery)) { lines }: z.infer<typeof logsQuery>,
  ): Promise<{ lines: string[] }> {
    const { container, attempts = [] } = await this.find(jobId);
    const stream = attempts.at(-1)?.container?.logStreamName ?? container?.logStreamName;
    const group = container?.logConfiguration?.options?.['awslogs-group'];
    if (stream === undefined) return { lines: [] };
    return { lines: (await this.batch.logs(stream, { group, lines })) ?? [] };
  }

  @Post(':jobId/cancel')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Take a job out of the queue of AWS Batch',
    operationId: 'cancelBatchJob',
    description: 'One that has started goes on: terminate it.',
  })
  @OF_JOB
  @ApiBody({ schema: bodySchema(endBody), examples: { why: { value: { reason: 'Not wanted any more' } } } })
  @ApiAcceptedResponse({ description: 'AWS was told', schema: { type: 'object' } })
  @ApiProblem(400, 401, 403, 404, 409, 503)
  async cancel(
    @Param('jobId') jobId: string,
    @JsonBody(endBody) { reason }: z.infer<typeof endBody>,
  ): Promise<object> {
    await this.find(jobId);
    await this.batch.cancel(jobId, reason);
    return {};
  }

  @Post(':jobId/terminate')
  @HttpCode(202)
  @ApiOperation({
    summary: 'End a job of AWS Batch, whatever it is at',
    operationId: 'terminateBatchJob',
    description: 'A run that it was of fails with the reason.',
  })
  @OF_JOB
  @ApiBody({ schema: bodySchema(endBody), examples: { why: { value: { reason: 'Runs for too long' } } } })
  @ApiAcceptedResponse({ description: 'AWS was told', schema: { type: 'object' } })
  @ApiProblem(400, 401, 403, 404, 409, 503)
  async terminate(
    @Param('jobId') jobId: string,
    @JsonBody(endBody) { reason }: z.infer<typeof endBody>,
  ): Promise<object> {
    await this.find(jobId);
    await this.batch.terminate(jobId, reason);
    return {};
  }

  private async find(jobId: string): Promise<JobDetail> {
    this.requireAws();
    const [job] = await this.batch.describe([jobId]);
    if (job) return job;
    throw new AppError(
      'not-found',
      'batch-job-not-found',
      `AWS Batch knows no job '${jobId.slice(0, 200)}'.`,
    );
  }

  private requireAws(): void {
    const { tier3Enabled, cloudBatch } = this.config.processing;
    if (tier3Enabled && cloudBatch.provider === 'aws-batch') return;
    throw new AppError('conflict', 'no-aws-batch', 'The workers of this server do not run on AWS Batch.');
  }
}
