import { Controller, Get, Header, HttpCode, Post, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { ApiProblem } from '../../../execution-adapter/index.js';
import { Access } from '../../../identity/index.js';
import { Catalog, type CatalogFault, loadDefinition } from '../../../registry/index.js';
import { readSmallText } from '../json-body.js';

interface CatalogInfo {
  processes: { id: string; version: string; file: string; sha256: string }[];
  /** Files, or places in them, that are left out. */
  faults: CatalogFault[];
}

const FAULTS = {
  type: 'array',
  items: {
    type: 'object',
    properties: {
      file: { type: 'string' },
      line: { type: 'integer' },
      column: { type: 'integer' },
      reason: { type: 'string' },
    },
  },
};
const CATALOG = {
  type: 'object',
  required: ['processes', 'faults'],
  properties: { processes: { type: 'array', items: { type: 'object' } }, faults: FAULTS },
};
const SENT = 'body';

@ApiTags('Admin')
@Access({ scope: 'admin' })
@Controller('admin/catalog')
export class CatalogController {
  constructor(private readonly catalog: Catalog) {}

  @Get()
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'What this server has read from the processes folder', operationId: 'getCatalog' })
  @ApiOkResponse({ description: 'The catalog, and what was left out of it', schema: CATALOG })
  @ApiProblem(401, 403)
  get(): CatalogInfo {
    return {
      processes: this.catalog.list().map(({ definition, file, hash }) => ({
        id: definition.id,
        version: definition.version,
        file,
        sha256: hash,
      })),
      faults: this.catalog.faults,
    };
  }

  @Post('reload')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Read the processes folder again',
    operationId: 'reloadCatalog',
    description:
      'Each server also does so by itself when a file changes. Bad files are left out; good ones count.',
  })
  @ApiOkResponse({ description: 'The catalog as it is now', schema: CATALOG })
  @ApiProblem(401, 403)
  reload(): CatalogInfo {
    this.catalog.reload();
    return this.get();
  }

  @Post('validate')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Whether a process definition is a good one; nothing is kept',
    operationId: 'validateDefinition',
  })
  @ApiConsumes('application/yaml')
  @ApiBody({ schema: { type: 'string' } })
  @ApiOkResponse({
    description: 'The verdict',
    schema: {
      type: 'object',
      required: ['valid', 'faults'],
      properties: { valid: { type: 'boolean' }, faults: FAULTS },
    },
  })
  @ApiProblem(400, 401, 403, 413, 415)
  async validate(@Req() request: Request): Promise<{ valid: boolean; faults: CatalogFault[] }> {
    const { entry, faults } = loadDefinition(SENT, await readSmallText(request));
    return { valid: entry !== undefined, faults };
  }
}
