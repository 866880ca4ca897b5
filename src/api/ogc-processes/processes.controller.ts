import { Controller, Get, Inject, Param, Query, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { CONFIG, type HonuaConfig } from '../../config/index.js';
import { Catalog, type ProcessDefinition } from '../../registry/index.js';
import { ApiProblem, BaseUrl } from '../../execution-adapter/index.js';
import { OpenToAll } from '../../identity/index.js';
import { type Described, processDescription, processSummary } from './describe/describe-process.js';
import type { ProcessDescription } from './describe/describe-process.js';
import type { ProcessList } from './documents.js';
import { jsonLink, selfLinks } from './link.js';
import { AlsoAsPage } from './negotiation/also-as-page.js';
import { schemaRef } from './openapi/api-documents.js';
import { ProcessPage } from './pages/process.page.js';
import { ProcessesPage } from './pages/processes.page.js';
import { ProcessId } from './process-id.js';
import { FormatQuery, pageLimit } from './query/page.query.js';
import { isAbout, ProcessesQuery } from './query/processes.query.js';
import { validatedQuery } from './query/validated-query.js';

/** Processes of a page where nobody says how many. */
const PAGE_LENGTH = 100;

@ApiTags('Processes')
@OpenToAll()
@Controller('processes')
export class ProcessesController {
  constructor(
    private readonly catalog: Catalog,
    private readonly baseUrl: BaseUrl,
    @Inject(CONFIG) private readonly config: HonuaConfig,
  ) {}

  @Get()
  @AlsoAsPage(ProcessesPage)
  @ApiOperation({ summary: 'What can be run', operationId: 'getProcesses' })
  @ApiOkResponse({ description: 'Process summaries', schema: schemaRef('processList') })
  @ApiProblem(400, 406)
  list(@Req() request: Request, @Query(validatedQuery(ProcessesQuery)) query: ProcessesQuery): ProcessList {
    const base = this.baseUrl.of(request);
    const { offset, q } = query;
    const limit = pageLimit(request, query.limit, PAGE_LENGTH);
    const all = this.catalog.list().filter(({ definition }) => !q || isAbout(definition, q));
    const shown = all.slice(offset, offset + limit);
    const links = selfLinks(this.baseUrl.self(request), 'This list');
    const page = (start: number): string => {
      const url = new URL(this.baseUrl.self(request));
      url.searchParams.set('limit', String(limit));
      url.searchParams.set('offset', String(start));
      return url.href;
    };
    if (offset + limit < all.length) links.push(jsonLink(page(offset + limit), 'next', 'The next page'));
    if (offset > 0) links.push(jsonLink(page(Math.max(0, offset - limit)), 'prev', 'The page before'));
    return {
      processes: shown.map(({ definition }) =>
        processSummary(this.described(definition.id, definition), base),
      ),
      numberMatched: all.length,
      links,
    };
  }

  @Get(':processID')
  @AlsoAsPage(ProcessPage)
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
