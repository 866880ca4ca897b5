import { Controller, Delete, Get, Header, HttpCode, Param, Post, Put, Req, Res } from '@nestjs/common';
import {
  ApiBody,
  ApiHeader,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { layerSchema, type LayerSettings } from '../../../config/index.js';
import type { LayerFacts } from '../../../data-sources/index.js';
import { ApiProblem } from '../../../execution-adapter/index.js';
import { Access, Caller } from '../../../identity/index.js';
import type { Principal } from '../../../shared/principal.js';
import { bodySchema, JsonBody } from '../json-body.js';
import { AlsoAsPage } from '../pages/also-as-page.js';
import { HISTORY, type History } from '../rule-info.js';
import { expectedVersion, sendTag } from '../version-tag.js';
import { ADMIN_LAYER, type AdminLayerInfo } from './admin-layer-info.js';
import { adminLayersPage } from './admin-layers-page.js';
import { LayerDeclarations } from './layer-declarations.js';

const OF_LAYER = ApiParam({ name: 'layerID', schema: { type: 'string' }, example: 'roads' });
const IF_MATCH = ApiHeader({
  name: 'If-Match',
  required: false,
  schema: { type: 'string' },
  description: 'The ETag of the layer that is changed; left out for a new one',
});
const DECLARED = ApiBody({
  schema: bodySchema(layerSchema),
  examples: {
    table: {
      value: { provider: 'postgis', schema: 'public', table: 'roads', title: 'Roads', tenants: ['city'] },
    },
    file: { value: { provider: 'geopackage', path: '/data/parks.gpkg', table: 'parks' } },
  },
});

@ApiTags('Admin')
@Access({ scope: 'admin' })
@Controller('admin/layers')
export class AdminLayersController {
  constructor(private readonly layers: LayerDeclarations) {}

  @Get()
  @AlsoAsPage(adminLayersPage)
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'The layers of all tenants', operationId: 'getDeclaredLayers' })
  @ApiOkResponse({
    description: 'Those of the configuration, and those that operators declared',
    schema: {
      type: 'object',
      required: ['layers'],
      properties: { layers: { type: 'array', items: ADMIN_LAYER } },
    },
  })
  @ApiProblem(401, 403)
  list(): { layers: AdminLayerInfo[] } {
    return { layers: this.layers.list() };
  }

  @Post('try')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Look whether a layer could be read as it would be declared',
    operationId: 'tryLayer',
    description: 'Nothing is declared. 503 where the data cannot be read.',
  })
  @DECLARED
  @ApiOkResponse({ description: 'What it would hold', schema: { type: 'object' } })
  @ApiProblem(400, 401, 403, 503)
  tryOut(@JsonBody(layerSchema) settings: LayerSettings): Promise<LayerFacts> {
    return this.layers.tryOut(settings);
  }

  @Get(':layerID')
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'How a layer is declared', operationId: 'getDeclaredLayer' })
  @OF_LAYER
  @ApiOkResponse({ description: 'The layer; its ETag is what a change must name', schema: ADMIN_LAYER })
  @ApiProblem(401, 403, 404)
  get(@Param('layerID') id: string, @Res({ passthrough: true }) response: Response): AdminLayerInfo {
    const layer = this.layers.get(id);
    if (layer.declaredBy === 'operator') sendTag(response, layer.version);
    return layer;
  }

  @Put(':layerID')
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'Declare a layer, or change it',
    operationId: 'declareLayer',
    description:
      'Whole, as in the configuration; 409 where that declares it. Every server knows it within two seconds. Files have to be in a folder that the configuration names (processing.layerFolders), other databases are named by their connection there.',
  })
  @OF_LAYER
  @IF_MATCH
  @DECLARED
  @ApiOkResponse({ description: 'The layer as it is now', schema: ADMIN_LAYER })
  @ApiProblem(400, 401, 403, 409, 412, 428)
  // oxlint-disable-next-line max-params -- what the framework hands in, not what a caller must know
  async set(
    @Caller() { user }: Principal,
    @Param('layerID') id: string,
    @JsonBody(layerSchema) settings: LayerSettings,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<AdminLayerInfo> {
    await this.layers.set(id, settings, { expected: expectedVersion(request), who: user });
    return this.get(id, response);
  }

  @Delete(':layerID')
  @HttpCode(204)
  @ApiOperation({ summary: 'Take a layer back', operationId: 'deleteLayer', description: 'Its data stays.' })
  @OF_LAYER
  @IF_MATCH
  @ApiNoContentResponse({ description: 'No request can name it any more' })
  @ApiProblem(400, 401, 403, 409, 412, 428)
  async delete(
    @Caller() { user }: Principal,
    @Param('layerID') id: string,
    @Req() request: Request,
  ): Promise<void> {
    await this.layers.set(id, undefined, { expected: expectedVersion(request), who: user });
  }

  @Get(':layerID/history')
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'Who changed a layer, when, from what to what', operationId: 'getLayerHistory' })
  @OF_LAYER
  @ApiOkResponse({ description: 'The last 1,000 changes, newest first', schema: HISTORY })
  @ApiProblem(401, 403)
  async history(@Param('layerID') id: string): Promise<History> {
    return { history: await this.layers.history(id) };
  }
}
