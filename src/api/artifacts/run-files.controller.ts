import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiExcludeEndpoint, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { ArtifactStore } from '../../artifacts/index.js';
import { GetRunFile } from '../../control-plane/index.js';
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
  @ApiExcludeEndpoint() // its name has folders, and no parameter of a path may have slashes in OpenAPI
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
