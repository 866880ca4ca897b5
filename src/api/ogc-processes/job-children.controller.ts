import { Controller, Get, Header, Param, Query, Req } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { ListChildren } from '../../control-plane/index.js';
import { ApiProblem, BaseUrl } from '../../execution-adapter/index.js';
import { Access, Caller } from '../../identity/index.js';
import type { Principal } from '../../shared/principal.js';
import type { ChildList } from './documents.js';
import { JobId } from './job-id.js';
import { jsonLink, selfLinks } from './link.js';
import { AlsoAsPage } from './negotiation/also-as-page.js';
import { ApiJobId, schemaRef } from './openapi/api-documents.js';
import { ChildrenPage } from './pages/children.page.js';
import { childFilter, ChildrenQuery } from './query/children.query.js';
import { pageLimit } from './query/page.query.js';
import { validatedQuery } from './query/validated-query.js';
import { statusInfo } from './status-info.js';

/** Runs of a page where nobody says how many. */
const PAGE_LENGTH = 50;

@ApiTags('Jobs')
@Access({ scope: 'read', ids: ['jobID'] })
@Controller('jobs')
export class JobChildrenController {
  constructor(
    private readonly queries: QueryBus,
    private readonly baseUrl: BaseUrl,
  ) {}

  @Get(':jobID/children')
  @AlsoAsPage(ChildrenPage)
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'The runs of an array, by their place in it', operationId: 'getChildren' })
  @ApiJobId()
  @ApiOkResponse({ description: 'One page of them', schema: schemaRef('childList') })
  @ApiProblem(400, 404, 406, 410)
  async children(
    @Caller() principal: Principal,
    @Req() request: Request,
    @Param('jobID', JobId) id: string,
    @Query(validatedQuery(ChildrenQuery)) query: ChildrenQuery,
  ): Promise<ChildList> {
    const filter = { ...childFilter(query), limit: pageLimit(request, query.limit, PAGE_LENGTH) };
    const { children, matched } = await this.queries.execute(new ListChildren(principal, id, filter));
    const base = this.baseUrl.of(request);
    const links = selfLinks(this.baseUrl.self(request), 'These runs');
    links.push(jsonLink(`${base}/jobs/${id}`, 'collection', 'The array of runs'));
    const end = filter.offset + children.length;
    if (end < matched) {
      const next = new URL(this.baseUrl.self(request));
      next.searchParams.set('offset', String(end));
      links.push(jsonLink(next.href, 'next', 'The next page'));
    }
    return { children: children.map((run) => statusInfo(run, base)), numberMatched: matched, links };
  }
}
