import { Controller, Get, Header, Param, Req } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { GetRun, GetRunEvents } from '../../../control-plane/index.js';
import { ApiProblem, BaseUrl } from '../../../execution-adapter/index.js';
import { Access, Caller } from '../../../identity/index.js';
import type { Principal } from '../../../shared/principal.js';
import { JobId } from '../job-id.js';
import { ApiJobId } from '../openapi/api-documents.js';
import { type ProvDocument, provDocument } from './prov-document.js';

@ApiTags('Jobs')
@Access({ scope: 'read', ids: ['jobID'] })
@Controller('jobs')
export class ProvenanceController {
  constructor(
    private readonly queries: QueryBus,
    private readonly baseUrl: BaseUrl,
  ) {}

  @Get(':jobID/provenance')
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'Where the results of a job come from, as W3C PROV-JSON',
    operationId: 'getProvenance',
  })
  @ApiJobId()
  @ApiOkResponse({
    description: 'The provenance',
    schema: { type: 'object', required: ['prefix', 'entity'] },
  })
  @ApiProblem(400, 404, 410)
  async provenance(
    @Caller() principal: Principal,
    @Req() request: Request,
    @Param('jobID', JobId) id: string,
  ): Promise<ProvDocument> {
    const run = await this.queries.execute(new GetRun(principal, id));
    const lines = await this.queries.execute(new GetRunEvents(principal, id, 0));
    return provDocument(run, lines, this.baseUrl.of(request));
  }
}
