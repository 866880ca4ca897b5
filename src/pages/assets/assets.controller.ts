import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { OpenToAll } from '../../identity/index.js';
import { AppError } from '../../shared/app-error.js';
import { type Asset, assetTable } from './asset-table.js';

const FOR_EVER = 'public, max-age=31536000, immutable';

/** What pages load. A page of another version of the service gets what is here now, to be asked for again. */
@ApiExcludeController()
@OpenToAll()
@Controller('assets')
export class AssetsController {
  @Get(':version/*name')
  async get(
    @Req() request: Request,
    @Res() response: Response,
    @Param('version') version: string,
    @Param('name') name: string[] | string,
  ): Promise<void> {
    const table = assetTable();
    const asset = table.find([name].flat().join('/'));
    if (!asset) throw new AppError('not-found', 'asset-not-found', 'There is no such asset.');
    response.setHeader('cache-control', version === table.version ? FOR_EVER : 'no-cache');
    response.setHeader('etag', `"${table.version}"`).setHeader('content-type', asset.mediaType);
    await sendBytes(request, response, asset);
  }
}

async function sendBytes(request: Request, response: Response, asset: Asset): Promise<void> {
  response.vary('accept-encoding');
  if (request.fresh) return void response.status(304).end();
  const brotli = request.acceptsEncodings(['br', 'identity']) === 'br' ? asset.brotli() : undefined;
  if (brotli) response.setHeader('content-encoding', 'br');
  const bytes = brotli ? await brotli : asset.bytes;
  response.setHeader('content-length', bytes.length);
  response.end(request.method === 'HEAD' ? undefined : bytes);
}
