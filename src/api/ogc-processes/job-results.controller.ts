import { Controller, Get, Header, Param, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { PinoLogger } from 'nestjs-pino';
import { GetResults, GetRun } from '../../control-plane/index.js';
import { Access, Caller } from '../../identity/index.js';
import { AppError } from '../../shared/app-error.js';
import type { Principal } from '../../shared/principal.js';
import { ApiProblem, BaseUrl } from '../../execution-adapter/index.js';
import { JobId } from './job-id.js';
import { prefersPage } from './negotiation/form.js';
import { PageMaker } from './negotiation/page-maker.js';
import { ResultsPage } from './pages/results.page.js';
import { ApiJobId, RESULTS_CONTENT } from './openapi/api-documents.js';
import { ArrayResultsReader } from './results/array-results.js';
import { ResultsWriter } from './results/results-writer.js';

@ApiTags('Jobs')
@Access({ scope: 'read', ids: ['jobID'] })
@Controller('jobs')
export class JobResultsController {
  // oxlint-disable-next-line max-params -- what is injected, not what a caller must know
  constructor(
    private readonly queries: QueryBus,
    private readonly results: ResultsWriter,
    private readonly arrays: ArrayResultsReader,
    private readonly baseUrl: BaseUrl,
    private readonly pages: PageMaker,
    private readonly page: ResultsPage,
    private readonly log: PinoLogger,
  ) {}

  @Get(':jobID/results')
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'What a job gave, in the form its request asked for', operationId: 'getResult' })
  @ApiJobId()
  @ApiOkResponse({ description: 'The results', content: RESULTS_CONTENT })
  @ApiNoContentResponse({
    description: 'Outputs by reference are in the Link header; or none were asked for',
  })
  @ApiProblem(400, 404, 410)
  async result(
    @Caller() principal: Principal,
    @Req() request: Request,
    @Res() response: Response,
    @Param('jobID', JobId) id: string,
  ): Promise<void> {
    this.log.assign({ runId: id });
    const run = await this.queries.execute(new GetRun(principal, id));
    const found = await this.queries.execute(new GetResults(principal, id, run));
    if (run.arraySize)
      return void response.json(await this.arrays.read(principal, run, this.baseUrl.of(request)));
    if (prefersPage(request)) return this.pages.send(this.page, found, request, response);
    response.vary('accept');
    const base = this.baseUrl.of(request);
    const options = found.run.responseSpec;
    if (options.outputs && Object.keys(options.outputs).length === 0)
      throw new AppError('not-found', 'no-results', 'The request asked for no outputs.');
    await this.results.write(response, found, { options, base, links: [] });
  }

  /** From version 2.0 of the standard (/req/core/job-result-op). */
  @Get(':jobID/results/:outputID')
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'One output of a job, by value', operationId: 'getOutput' })
  @ApiJobId()
  @ApiParam({ name: 'outputID', schema: { type: 'string' }, example: 'result' })
  @ApiOkResponse({
    description: 'The output, as it is',
    content: { '*/*': { schema: { type: 'string', format: 'binary' } } },
  })
  @ApiProblem(400, 404, 410)
  // oxlint-disable-next-line max-params -- the framework's way to name the parts of a request
  async output(
    @Caller() principal: Principal,
    @Req() request: Request,
    @Res() response: Response,
    @Param('jobID', JobId) id: string,
    @Param('outputID') outputId: string,
  ): Promise<void> {
    this.log.assign({ runId: id });
    const found = await this.queries.execute(new GetResults(principal, id));
    if (!found.outputs.some((output) => output.id === outputId))
      throw new AppError('invalid-input', 'output-not-found', 'The job has no output of this name.');
    const mediaType = found.run.responseSpec.outputs?.[outputId]?.mediaType;
    const outputs = { [outputId]: { ...(mediaType && { mediaType }) } };
    const base = this.baseUrl.of(request);
    await this.results.write(response, found, { options: { response: 'raw', outputs }, base, links: [] });
  }
}
