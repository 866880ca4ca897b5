import { pipeline } from 'node:stream/promises';
import { Controller, Get, Header, Param, Query, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Layers } from '../../../data-sources/index.js';
import { ApiProblem, BaseUrl } from '../../../execution-adapter/index.js';
import { Access, Caller } from '../../../identity/index.js';
import { AppError } from '../../../shared/app-error.js';
import type { Principal } from '../../../shared/principal.js';
import { selfLinks } from '../link.js';
import { AlsoAsPage } from '../negotiation/also-as-page.js';
import { FormatQuery } from '../query/page.query.js';
import { validatedQuery } from '../query/validated-query.js';
import { ItemsQuery, layerReading, wrong } from './items.query.js';
import {
  GEOJSON_TYPE,
  LAYER,
  LAYER_LIST,
  type LayerInfo,
  layerInfo,
  type LayerList,
  layerSummary,
} from './layer-info.js';
import { LayerPage } from './layer.page.js';
import { LayersPage } from './layers.page.js';

const LAYER_ID = ApiParam({ name: 'layerID', schema: { type: 'string' }, example: 'counties' });

/** The datasets that requests may name. */
@ApiTags('Layers')
@Access({ scope: 'read' })
@Controller('layers')
export class LayersController {
  constructor(
    private readonly layers: Layers,
    private readonly baseUrl: BaseUrl,
  ) {}

  @Get()
  @AlsoAsPage(LayersPage)
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'Datasets that requests may name', operationId: 'getLayers' })
  @ApiOkResponse({ description: 'Those that the caller may see', schema: LAYER_LIST })
  @ApiProblem(400, 406)
  list(
    @Caller() { tenant }: Principal,
    @Req() request: Request,
    @Query(validatedQuery(FormatQuery)) _query: FormatQuery,
  ): LayerList {
    const base = this.baseUrl.of(request);
    return {
      layers: this.layers.list(tenant).map((layer) => layerSummary(layer, base)),
      links: selfLinks(this.baseUrl.self(request), 'This list'),
    };
  }

  @Get(':layerID')
  @Access({ scope: 'read', ids: ['layerID'] })
  @AlsoAsPage(LayerPage)
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'What a layer holds',
    description:
      'To find out, all of it is read; the answer is up to ten seconds old. 503 where it cannot be read.',
    operationId: 'getLayer',
  })
  @LAYER_ID
  @ApiOkResponse({ description: 'The layer', schema: LAYER })
  @ApiProblem(400, 404, 406, 503)
  async get(
    @Caller() { tenant }: Principal,
    @Req() request: Request,
    @Param('layerID') id: string,
    @Query(validatedQuery(FormatQuery)) _query: FormatQuery,
  ): Promise<LayerInfo> {
    const { source: _source, ...layer } = this.layers.get(tenant, id);
    return layerInfo(layer, await this.layers.facts(tenant, id), this.baseUrl.of(request));
  }

  @Get(':layerID/items')
  @Access({ scope: 'read', ids: ['layerID'] })
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'Features of a layer, in longitude and latitude',
    description: 'To look at; a process is given the layer itself.',
    operationId: 'getLayerItems',
  })
  @LAYER_ID
  @ApiOkResponse({
    description: 'A FeatureCollection',
    content: { [GEOJSON_TYPE]: { schema: { type: 'object' } } },
  })
  @ApiProblem(400, 404, 503)
  async items(
    @Caller() { tenant }: Principal,
    @Param('layerID') id: string,
    @Query(validatedQuery(ItemsQuery)) query: ItemsQuery,
    @Res() response: Response,
  ): Promise<void> {
    const content = await this.layers.get(tenant, id).source.read(layerReading(query)).catch(inQuery);
    response.setHeader('content-type', GEOJSON_TYPE);
    await pipeline(content, response).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
    });
  }
}

function inQuery(error: unknown): never {
  throw error instanceof AppError && error.kind === 'invalid-input' ? wrong(error.faults) : error;
}
