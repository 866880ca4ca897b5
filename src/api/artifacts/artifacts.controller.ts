import { pipeline } from 'node:stream/promises';
import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { ArtifactLinks, ArtifactStore, type LinkClaims } from '../../artifacts/index.js';
import { GetResults } from '../../control-plane/index.js';
import type { OutputPayload } from '../../execution/index.js';
import { ApiProblem, openPayload } from '../../execution-adapter/index.js';
import { AppError } from '../../shared/app-error.js';
import { parseRange } from './byte-range.js';

/** Outputs by reference: whoever holds a link may read, so nobody else is asked who they are. */
@ApiTags('Artifacts')
@Controller('artifacts')
export class ArtifactsController {
  constructor(
    private readonly links: ArtifactLinks,
    private readonly queries: QueryBus,
    private readonly store: ArtifactStore,
  ) {}

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
    const output = await this.outputOf(this.links.verify(token));
    const { payload } = output;
    const etag = `"${payload.sha256}"`;
    describe(response, output, etag);
    const fresh = request.headers['if-none-match']?.split(',').some((tag) => tag.trim() === etag);
    if (fresh) return void response.status(304).end();
    const same = request.headers['if-range'] === undefined || request.headers['if-range'] === etag;
    const range = same ? parseRange(request.headers.range, payload.size) : undefined;
    if (range === 'unsatisfiable') {
      response.removeHeader('etag');
      return void response.status(416).setHeader('content-range', `bytes */${payload.size}`).end();
    }
    response.status(range ? 206 : 200);
    if (range) response.setHeader('content-range', `bytes ${range.start}-${range.end}/${payload.size}`);
    response.setHeader('content-length', range ? range.end - range.start + 1 : payload.size);
    if (request.method === 'HEAD') return void response.end();
    await pipeline(await openPayload(this.store, payload, range), response).catch(unlessHungUp);
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

function describe(response: Response, { id, mediaType }: OutputPayload, etag: string): void {
  const extension = mediaType.includes('json') ? (mediaType.includes('geo') ? 'geojson' : 'json') : 'txt';
  response.setHeader('content-type', mediaType);
  response.setHeader('content-disposition', `inline; filename="${id}.${extension}"`);
  response.setHeader('accept-ranges', 'bytes');
  response.setHeader('etag', etag);
  response.setHeader('cache-control', 'private, no-cache');
}

function unlessHungUp(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
}
