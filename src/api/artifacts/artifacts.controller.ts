import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { ArtifactLinks, ArtifactStore, type LinkClaims } from '../../artifacts/index.js';
import { GetResults } from '../../control-plane/index.js';
import type { OutputPayload } from '../../execution/index.js';
import { ApiProblem } from '../../execution-adapter/index.js';
import { OpenToAll } from '../../identity/index.js';
import { AppError } from '../../shared/app-error.js';
import { sendStored } from './send-stored.js';

/** Outputs by reference: whoever holds a link may read, so nobody else is asked who they are. */
@ApiTags('Artifacts')
@Controller('artifacts')
export class ArtifactsController {
  constructor(
    private readonly links: ArtifactLinks,
    private readonly queries: QueryBus,
    private readonly store: ArtifactStore,
  ) {}

  @OpenToAll({ ids: ['token'] })
  @Get(':token')
  @ApiOperation({ summary: 'An output that was given by reference', operationId: 'getArtifact' })
  @ApiHeader({ name: 'Range', required: false, description: 'One range of bytes' })
  @ApiOkResponse({
    description: 'The output',
    content: { '*/*': { schema: { type: 'string', format: 'binary' } } },
  })
  @ApiResponse({ status: 206, description: 'The range that was asked for' })
  @ApiResponse({ status: 416, description: 'The range lies outside the output' })
  @ApiProblem(404, 410)
  async get(
    @Req() request: Request,
    @Res() response: Response,
    @Param('token') token: string,
  ): Promise<void> {
    const { id, mediaType, payload } = await this.outputOf(this.links.verify(token));
    const disposition = `inline; filename="${id}.${extensionOf(mediaType)}"`;
    await sendStored(request, response, { payload, mediaType, disposition }, this.store);
  }

  /** Looked up anew each time: a link ends with its run. */
  private async outputOf({ tenant, runId, outputId }: LinkClaims): Promise<OutputPayload> {
    const holder = { tenant, user: 'link', scopes: ['read' as const] };
    const { outputs } = await this.queries.execute(new GetResults(holder, runId));
    const output = outputs.find(({ id }) => id === outputId);
    if (!output) throw new AppError('not-found', 'link-not-found', 'There is nothing at this link.');
    return output;
  }
}

const extensionOf = (mediaType: string): string =>
  mediaType.includes('json') ? (mediaType.includes('geo') ? 'geojson' : 'json') : 'txt';
