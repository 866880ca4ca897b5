import { Controller, Get, Header, HttpCode, Param, Post, Query } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import {
  ApiBody,
  ApiCreatedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiQuery,
  ApiTags,
} from '@nestjs/swagger';
import { z } from 'zod';
import {
  CancelRun,
  FindRun,
  FindRuns,
  GetRunEvents,
  type ProcessRun,
  RetryRun,
} from '../../../control-plane/index.js';
import { ApiProblem } from '../../../execution-adapter/index.js';
import { Access, Caller } from '../../../identity/index.js';
import type { Principal } from '../../../shared/principal.js';
import { bodySchema, JsonBody } from '../json-body.js';
import { AlsoAsPage } from '../pages/also-as-page.js';
import { validated } from '../validated.js';
import { type LedgerLineInfo, lineInfo, type RunInfo, runInfo } from './run-info.js';
import { runPage } from './run-page.js';
import { runsPage } from './runs-page.js';
import { runFilter, runsQuery } from './runs.query.js';

const cancelBody = z.strictObject({ reason: z.string().trim().min(1).max(500).optional() });
const RUN = { type: 'object', required: ['id', 'tenant', 'state'], additionalProperties: true };

@ApiTags('Admin')
@Access({ scope: 'admin' })
@Controller('admin/runs')
export class RunsController {
  constructor(
    private readonly queries: QueryBus,
    private readonly commands: CommandBus,
  ) {}

  @Get()
  @AlsoAsPage(runsPage)
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'Runs of every tenant, newest first',
    operationId: 'findRuns',
    description: 'Lists are parted by commas. `next`, where there is one, is `after` of the next page.',
  })
  @ApiQuery({ name: 'tenant', required: false, schema: { type: 'string' }, example: 'default' })
  @ApiQuery({ name: 'state', required: false, schema: { type: 'string' }, example: 'failed,cancelled' })
  @ApiQuery({ name: 'process', required: false, schema: { type: 'string' } })
  @ApiQuery({ name: 'user', required: false, schema: { type: 'string' } })
  @ApiQuery({ name: 'tier', required: false, schema: { type: 'string' } })
  @ApiQuery({ name: 'resourceClass', required: false, schema: { type: 'string' } })
  @ApiQuery({ name: 'surface', required: false, schema: { type: 'string' } })
  @ApiQuery({ name: 'mode', required: false, schema: { type: 'string' } })
  @ApiQuery({ name: 'submittedFrom', required: false, schema: { type: 'string', format: 'date-time' } })
  @ApiQuery({ name: 'submittedTo', required: false, schema: { type: 'string', format: 'date-time' } })
  @ApiQuery({ name: 'minDuration', required: false, schema: { type: 'number', minimum: 0 } })
  @ApiQuery({ name: 'maxDuration', required: false, schema: { type: 'number', minimum: 0 } })
  @ApiQuery({ name: 'limit', required: false, schema: { type: 'integer', default: 100, maximum: 1000 } })
  @ApiQuery({ name: 'after', required: false, schema: { type: 'string', format: 'uuid' } })
  @ApiOkResponse({
    description: 'One page of runs',
    schema: {
      type: 'object',
      required: ['runs'],
      properties: { runs: { type: 'array', items: RUN }, next: { type: 'string', format: 'uuid' } },
    },
  })
  @ApiProblem(400, 401, 403)
  async find(
    @Caller() principal: Principal,
    @Query(validated(runsQuery)) query: z.infer<typeof runsQuery>,
  ): Promise<{ runs: RunInfo[]; next?: string }> {
    const { runs, next } = await this.queries.execute(new FindRuns(principal, runFilter(query)));
    return { runs: runs.map(runInfo), ...(next && { next }) };
  }

  @Get(':runID')
  @AlsoAsPage(runPage)
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'A run of any tenant, with its lines of the ledger', operationId: 'getRun' })
  @ApiParam({ name: 'runID', schema: { type: 'string', format: 'uuid' } })
  @ApiOkResponse({ description: 'The run', schema: RUN })
  @ApiProblem(401, 403, 404, 410)
  async get(
    @Caller() principal: Principal,
    @Param('runID') id: string,
  ): Promise<RunInfo & { ledger: LedgerLineInfo[] }> {
    const { run, owner } = await this.runAndOwner(principal, id);
    const lines = await this.queries.execute(new GetRunEvents(owner, id, 0));
    return { ...runInfo(run), ledger: lines.map(lineInfo) };
  }

  @Post(':runID/retry')
  @HttpCode(201)
  @ApiOperation({
    summary: 'Run the request of an ended run once more, as a new run',
    operationId: 'retryRun',
  })
  @ApiParam({ name: 'runID', schema: { type: 'string', format: 'uuid' } })
  @ApiCreatedResponse({ description: 'The new run, queued', schema: RUN })
  @ApiProblem(401, 403, 404, 409, 410, 429)
  async retry(@Caller() principal: Principal, @Param('runID') id: string): Promise<RunInfo> {
    const { owner } = await this.runAndOwner(principal, id);
    return runInfo(await this.commands.execute(new RetryRun(owner, id)));
  }

  @Post(':runID/cancel')
  @HttpCode(200)
  @ApiOperation({ summary: 'Cancel a run that has not ended', operationId: 'cancelRun' })
  @ApiParam({ name: 'runID', schema: { type: 'string', format: 'uuid' } })
  @ApiBody({
    required: false,
    schema: bodySchema(cancelBody),
    examples: { why: { value: { reason: 'Blocks others' } } },
  })
  @ApiOkResponse({ description: 'The run; one that had ended is as it was', schema: RUN })
  @ApiProblem(400, 401, 403, 404, 410)
  async cancel(
    @Caller() principal: Principal,
    @Param('runID') id: string,
    @JsonBody(cancelBody) { reason }: z.infer<typeof cancelBody>,
  ): Promise<RunInfo> {
    const { owner } = await this.runAndOwner(principal, id);
    const why = reason ?? 'An operator cancelled it.';
    return runInfo(await this.commands.execute(new CancelRun(owner, id, why, 'keep')));
  }

  /** What is done to a run is done in its tenant, by the operator. */
  private async runAndOwner(
    principal: Principal,
    id: string,
  ): Promise<{ run: ProcessRun; owner: Principal }> {
    const run = await this.queries.execute(new FindRun(principal, id));
    return { run, owner: { ...principal, tenant: run.tenant } };
  }
}
