import { Controller, Delete, Get, Header, HttpCode, Param, Query, Req } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { PinoLogger } from 'nestjs-pino';
import { CancelRun, GetArray, GetRun, ListRuns, type ProcessRun } from '../../control-plane/index.js';
import { Access, Caller } from '../../identity/index.js';
import type { Principal } from '../../shared/principal.js';
import { ApiProblem, BaseUrl } from '../../execution-adapter/index.js';
import type { JobList } from './documents.js';
import { JobId } from './job-id.js';
import { jsonLink, selfLinks } from './link.js';
import { AlsoAsPage } from './negotiation/also-as-page.js';
import { ApiJobId, schemaRef } from './openapi/api-documents.js';
import { DismissedPage } from './pages/dismissed.page.js';
import { JobPage } from './pages/job.page.js';
import { JobsPage } from './pages/jobs.page.js';
import { cursorOf, JobsQuery, runFilter } from './query/jobs.query.js';
import { pageLimit } from './query/page.query.js';
import { validatedQuery } from './query/validated-query.js';
import { type StatusInfo, statusInfo } from './status-info.js';

/** Jobs of a page where nobody says how many. */
const PAGE_LENGTH = 25;

@ApiTags('Jobs')
@Controller('jobs')
export class JobsController {
  constructor(
    private readonly queries: QueryBus,
    private readonly commands: CommandBus,
    private readonly baseUrl: BaseUrl,
    private readonly log: PinoLogger,
  ) {}

  @Access({ scope: 'read' })
  @Get()
  @AlsoAsPage(JobsPage)
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'Your jobs, newest first', operationId: 'getJobs' })
  @ApiOkResponse({ description: 'One page of jobs', schema: schemaRef('jobList') })
  @ApiProblem(400, 406)
  async list(
    @Caller() principal: Principal,
    @Req() request: Request,
    @Query(validatedQuery(JobsQuery)) query: JobsQuery,
  ): Promise<JobList> {
    const filter = runFilter(query);
    filter.limit = pageLimit(request, query.limit, PAGE_LENGTH);
    const { runs, next } = await this.queries.execute(new ListRuns(principal, filter));
    const base = this.baseUrl.of(request);
    const links = selfLinks(this.baseUrl.self(request), 'This list');
    if (next) {
      const url = new URL(this.baseUrl.self(request));
      url.searchParams.set('cursor', cursorOf(next));
      links.push(jsonLink(url.href, 'next', 'The next page'));
    }
    return { jobs: runs.map((run) => listed(statusInfo(run, base), base)), links };
  }

  @Access({ scope: 'read', ids: ['jobID'] })
  @Get(':jobID')
  @AlsoAsPage(JobPage)
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'How a job is getting on', operationId: 'getStatus' })
  @ApiJobId()
  @ApiOkResponse({ description: 'Status of the job', schema: schemaRef('statusInfo') })
  @ApiProblem(400, 404, 406, 410)
  async status(
    @Caller() principal: Principal,
    @Req() request: Request,
    @Param('jobID', JobId) id: string,
  ): Promise<StatusInfo> {
    this.log.assign({ runId: id });
    return this.infoOf(await this.queries.execute(new GetRun(principal, id)), principal, request);
  }

  @Access({ scope: 'execute', ids: ['jobID'] })
  @Delete(':jobID')
  @AlsoAsPage(DismissedPage)
  @HttpCode(200)
  @ApiOperation({ summary: 'Cancel a job, or remove a finished one', operationId: 'dismiss' })
  @ApiJobId()
  @ApiOkResponse({ description: 'The job is dismissed', schema: schemaRef('statusInfo') })
  @ApiProblem(400, 404, 406, 410)
  async dismiss(
    @Caller() principal: Principal,
    @Req() request: Request,
    @Param('jobID', JobId) id: string,
  ): Promise<StatusInfo> {
    this.log.assign({ runId: id });
    return this.infoOf(await this.commands.execute(new CancelRun(principal, id)), principal, request);
  }

  private async infoOf(run: ProcessRun, principal: Principal, request: Request): Promise<StatusInfo> {
    const counts = await this.queries.execute(new GetArray(principal, run));
    return statusInfo(run, this.baseUrl.of(request), counts);
  }
}

/** An entry of the list says where its own status is. */
const listed = (info: StatusInfo, base: string): StatusInfo => ({
  ...info,
  links: [jsonLink(`${base}/jobs/${info.jobID}`, 'status', 'Status of the job'), ...info.links],
});
