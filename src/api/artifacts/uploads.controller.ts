import { Controller, Delete, Get, Header, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { ArtifactStore, type Upload, Uploads } from '../../artifacts/index.js';
import { CONFIG, type HonuaConfig } from '../../config/index.js';
import { ApiProblem, BaseUrl, incomingFile } from '../../execution-adapter/index.js';
import { Access, Caller } from '../../identity/index.js';
import type { Principal } from '../../shared/principal.js';
import { sendStored } from './send-stored.js';
import { ANY_FILE, ApiUpload, type UploadInfo, uploadInfo } from './upload-info.js';

/** Files sent ahead: name one by its `href` wherever an input may stand, as often as wanted. */
@ApiTags('Uploads')
@Controller('uploads')
export class UploadsController {
  constructor(
    private readonly uploads: Uploads,
    private readonly store: ArtifactStore,
    private readonly baseUrl: BaseUrl,
    @Inject(CONFIG) private readonly config: HonuaConfig,
  ) {}

  @Access({ scope: 'execute' })
  @Post()
  @HttpCode(201)
  @ApiOperation({ summary: 'Send a file ahead, to be used as an input', operationId: 'createUpload' })
  @ApiConsumes('application/octet-stream', 'multipart/form-data')
  @ApiBody({ required: false, schema: { type: 'string', format: 'binary' } })
  @ApiUpload(201)
  @ApiProblem(400, 403, 413, 415, 429)
  async create(
    @Caller() principal: Principal,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<UploadInfo> {
    const file = await incomingFile(request, this.config.limits.maxArtifactSizeBytes);
    const info = this.told(await this.uploads.take(principal, file), request);
    response.setHeader('location', info.href.replace(/\/content$/, ''));
    return info;
  }

  @Access({ scope: 'read', ids: ['uploadID'] })
  @Get(':uploadID')
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'What is known of an upload', operationId: 'getUpload' })
  @ApiUpload(200)
  @ApiProblem(404)
  async get(
    @Caller() principal: Principal,
    @Req() request: Request,
    @Param('uploadID') id: string,
  ): Promise<UploadInfo> {
    return this.told(await this.uploads.get(principal.tenant, id), request);
  }

  @Access({ scope: 'read', ids: ['uploadID'] })
  @Get(':uploadID/content')
  @ApiOperation({ summary: 'The file, or a range of it', operationId: 'getUploadContent' })
  @ApiResponse({ status: 200, description: 'The file', ...ANY_FILE })
  @ApiResponse({ status: 206, description: 'The range that was asked for', ...ANY_FILE })
  @ApiProblem(404)
  @ApiResponse({ status: 416, description: 'The range lies outside the file' })
  async content(
    @Caller() principal: Principal,
    @Req() request: Request,
    @Res() response: Response,
    @Param('uploadID') id: string,
  ): Promise<void> {
    const { key, size, sha256, mediaType, fileName } = await this.uploads.get(principal.tenant, id);
    // It was written by anybody: no browser may take it for a page of ours.
    response.setHeader('content-security-policy', `sandbox; default-src 'none'`);
    const disposition = `attachment; filename="${fileName ?? id}"`;
    const payload = { kind: 'artifact', key, size, sha256 } as const;
    await sendStored(request, response, { payload, mediaType, disposition }, this.store);
  }

  @Access({ scope: 'execute', ids: ['uploadID'] })
  @Delete(':uploadID')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Delete an upload; runs that named it keep their copy',
    operationId: 'deleteUpload',
  })
  @ApiResponse({ status: 204, description: 'It is deleted' })
  @ApiProblem(403, 404)
  async delete(@Caller() principal: Principal, @Param('uploadID') id: string): Promise<void> {
    await this.uploads.delete(principal.tenant, id);
  }

  private told(upload: Upload, request: Request): UploadInfo {
    return uploadInfo(upload, this.baseUrl.of(request));
  }
}
