import { Controller, Get, Inject, Param, Query, Req, UseGuards } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { CONFIG, type HonuaConfig } from '../../config/index.js';
import { Catalog, type ProcessDefinition } from '../../registry/index.js';
import { BaseUrl } from '../../execution-adapter/index.js';
import { type Described, processDescription, processSummary } from './describe/describe-process.js';
import type { ProcessDescription, ProcessSummary } from './describe/describe-process.js';
import { JsonOnly } from './json-only.guard.js';
import { jsonLink, type Link } from './link.js';
import { ApiProblem, schemaRef } from './openapi/api-documents.js';
import { ProcessId } from './process-id.js';
import { FormatQuery } from './query/page.query.js';
import { ProcessesQuery } from './query/processes.query.js';
import { validatedQuery } from './query/validated-query.js';

@ApiTags('Processes')
@Controller('processes')
@UseGuards(JsonOnly)
export class ProcessesController {
  constructor(
    private readonly catalog: Catalog,
    private readonly baseUrl: BaseUrl,
    @Inject(CONFIG) private readonly config: HonuaConfig,
  ) {}

  @Get()
  @ApiOperation({ summary: 'What can be run', operationId: 'getProcesses' })
  @ApiOkResponse({ description: 'Process summaries', schema: schemaRef('processList') })
  @ApiProblem(400, 406)
  list(
    @Req() request: Request,
    @Query(validatedQuery(ProcessesQuery)) { limit, offset }: ProcessesQuery,
  ): { processes: ProcessSummary[]; links: Link[] } {
    const base = this.baseUrl.of(request);
    const all = this.catalog.list();
    const page = (start: number): string => `${base}/processes?limit=${limit}&offset=${start}`;
    const links = [jsonLink(this.baseUrl.self(request), 'self', 'This page')];
    if (offset + limit < all.length) links.push(jsonLink(page(offset + limit), 'next', 'The next page'));
    if (offset > 0) links.push(jsonLink(page(Math.max(0, offset - limit)), 'prev', 'The page before'));
    const shown = all.slice(offset, offset + limit);
    return {
      processes: shown.map(({ definition }) =>
        processSummary(this.described(definition.id, definition), base),
      ),
      links,
    };
  }

  @Get(':processID')
  @ApiOperation({ summary: 'What a process takes and gives', operationId: 'getProcess' })
  @ApiParam({ name: 'processID', schema: { type: 'string' }, example: 'buffer' })
  @ApiOkResponse({ description: 'Process description', schema: schemaRef('process') })
  @ApiProblem(400, 404, 406)
  describe(
    @Req() request: Request,
    @Param('processID', ProcessId) id: string,
    @Query(validatedQuery(FormatQuery)) _query: FormatQuery,
  ): ProcessDescription {
    const { definition } = this.catalog.get(id);
    return processDescription(this.described(id, definition), this.baseUrl.of(request));
  }

  private described(id: string, definition: ProcessDefinition): Described {
    return { definition, id, alwaysAsync: this.config.resourceClasses[definition.resourceClass].alwaysAsync };
  }
}
