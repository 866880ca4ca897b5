import { Controller, Get, Query, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { ApiProblem, BaseUrl } from '../../execution-adapter/index.js';
import { OpenToAll } from '../../identity/index.js';
import { CONFORMS_TO } from './conformance.js';
import type { ConformanceDocument, LandingDocument } from './documents.js';
import { jsonLink, OPENAPI_TYPE, REL, selfLinks } from './link.js';
import { AlsoAsPage } from './negotiation/also-as-page.js';
import { schemaRef } from './openapi/api-documents.js';
import { ConformancePage } from './pages/conformance.page.js';
import { LandingPage } from './pages/landing.page.js';
import { FormatQuery } from './query/page.query.js';
import { validatedQuery } from './query/validated-query.js';

@ApiTags('Capabilities')
@OpenToAll()
@Controller()
export class LandingController {
  constructor(private readonly baseUrl: BaseUrl) {}

  @Get()
  @AlsoAsPage(LandingPage)
  @ApiOperation({ summary: 'Landing page', operationId: 'getLandingPage' })
  @ApiOkResponse({ description: 'Where everything is', schema: schemaRef('landingPage') })
  @ApiProblem(400, 406)
  landingPage(
    @Req() request: Request,
    @Query(validatedQuery(FormatQuery)) _query: FormatQuery,
  ): LandingDocument {
    const base = this.baseUrl.of(request);
    return {
      title: 'Honua Geoprocessing',
      description:
        'Geoprocessing over OGC API - Processes: find a process, send geometry, get the answer at once or as a job.',
      links: [
        ...selfLinks(`${base}/`, 'This document'),
        {
          href: `${base}/api/openapi.json`,
          rel: 'service-desc',
          type: OPENAPI_TYPE,
          title: 'API definition',
        },
        { href: `${base}/api`, rel: 'service-doc', type: 'text/html', title: 'API documentation' },
        jsonLink(`${base}/conformance`, REL.conformance, 'Conformance classes'),
        jsonLink(`${base}/conformance`, 'conformance', 'Conformance classes'),
        jsonLink(`${base}/processes`, REL.processes, 'Processes'),
        jsonLink(`${base}/processes`, 'processes', 'Processes'),
        jsonLink(`${base}/jobs`, REL.jobList, 'Jobs'),
        jsonLink(`${base}/layers`, 'related', 'Datasets that requests may name'),
      ],
    };
  }

  @Get('conformance')
  @AlsoAsPage(ConformancePage)
  @ApiOperation({ summary: 'Conformance classes', operationId: 'getConformance' })
  @ApiOkResponse({ description: 'What of the standard holds', schema: schemaRef('confClasses') })
  @ApiProblem(400, 406)
  conformance(
    @Req() request: Request,
    @Query(validatedQuery(FormatQuery)) _query: FormatQuery,
  ): ConformanceDocument {
    const href = `${this.baseUrl.of(request)}/conformance`;
    return { conformsTo: CONFORMS_TO, links: selfLinks(href, 'Conformance classes') };
  }
}
