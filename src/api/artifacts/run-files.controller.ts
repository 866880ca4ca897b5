import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { ArtifactStore } from '../../artifacts/index.js';
import { GetRunFile } from '../../control-plane/index.js';
import { ApiProblem } from '../../execution-adapter/index.js';
import { Access, Caller } from '../../identity/index.js';
import type { Principal } from '../../shared/principal.js';
import { sendStored } from './send-stored.js';

/** What the programs of jobs left in their folders, under the names that it has there. */
@ApiTags('Artifacts')
@Access({ scope: 'read', ids: ['jobID'] })
@Controller('jobs')
export class RunFilesController {
  constructor(
    private readonly queries: QueryBus,
    private readonly store: ArtifactStore,
  ) {}

  @Get(':jobID/files/*name')
  @ApiOperation({ summary: 'A file that the program of a job left', operationId: 'getFile' })
  @ApiParam({ name: 'jobID', schema: { type: 'string', format: 'uuid' } })
  @ApiParam({ name: 'name', schema: { type: 'string' }, example: 'frames/000.png' })
  @ApiOkResponse({
    description: 'The file; one range of it, where a range is asked for',
    content: { '*/*': { schema: { type: 'string', format: 'binary' } } },
  })
  @ApiProblem(400, 404, 410)
  // oxlint-disable-next-line max-params -- the framework's way to name the parts of a request
  async get(
    @Caller() principal: Principal,
    @Req() request: Request,
    @Res() response: Response,
    @Param('jobID') id: string,
    @Param('name') name: string[],
  ): Promise<void> {
    const path = name.join('/');
    const { mediaType, payload } = await this.queries.execute(new GetRunFile(principal, id, path));
    // Whatever a program wrote is shown by nobody as if it were of this service.
    const disposition = `attachment; filename="${name.at(-1)!.replaceAll(/[^\w.-]/g, '_')}"`;
    await sendStored(request, response, { payload, mediaType, disposition }, this.store);
  }
}
