import { Controller, Get, Header, Param, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { PinoLogger } from 'nestjs-pino';
import { GetResults } from '../../control-plane/index.js';
import { Caller } from '../../identity/index.js';
import type { Principal } from '../../shared/principal.js';
import { BaseUrl } from './base-url.js';
import { JobId } from './job-id.js';
import { prefersPage } from './negotiation/form.js';
import { PageMaker } from './negotiation/page-maker.js';
import { ResultsPage } from './pages/results.page.js';
import { ApiJobId, ApiProblem, schemaRef } from './openapi/api-documents.js';
import { ResultsWriter } from './results/results-writer.js';

@ApiTags('Jobs')
@Controller('jobs')
export class JobResultsController {
  // oxlint-disable-next-line max-params -- what is injected, not what a caller must know
  constructor(
    private readonly queries: QueryBus,
    private readonly results: ResultsWriter,
    private readonly baseUrl: BaseUrl,
    private readonly pages: PageMaker,
    private readonly page: ResultsPage,
    private readonly log: PinoLogger,
  ) {}

  @Get(':jobID/results')
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'What a job gave, in the form its request asked for', operationId: 'getResult' })
  @ApiJobId()
  @ApiOkResponse({ description: 'The results', schema: schemaRef('results') })
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
    const found = await this.queries.execute(new GetResults(principal, id));
    if (prefersPage(request)) return this.pages.send(this.page, found, request, response);
    response.vary('accept');
    const base = this.baseUrl.of(request);
    await this.results.write(response, found, { options: found.run.responseSpec, base, links: [] });
  }
}
