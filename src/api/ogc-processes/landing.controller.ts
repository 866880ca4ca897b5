import { Controller, Get, Query, Req, UseGuards } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { BaseUrl } from '../../execution-adapter/index.js';
import { CONFORMS_TO } from './conformance.js';
import { JsonOnly } from './json-only.guard.js';
import { jsonLink, type Link, OPENAPI_TYPE, REL } from './link.js';
import { ApiProblem, schemaRef } from './openapi/api-documents.js';
import { FormatQuery } from './query/page.query.js';
import { validatedQuery } from './query/validated-query.js';

@ApiTags('Capabilities')
@Controller()
@UseGuards(JsonOnly)
export class LandingController {
  constructor(private readonly baseUrl: BaseUrl) {}

  @Get()
  @ApiOperation({ summary: 'Landing page', operationId: 'getLandingPage' })
  @ApiOkResponse({ description: 'Where everything is', schema: schemaRef('landingPage') })
  @ApiProblem(400, 406)
  landingPage(
    @Req() request: Request,
    @Query(validatedQuery(FormatQuery)) _query: FormatQuery,
  ): { title: string; description: string; links: Link[] } {
    const base = this.baseUrl.of(request);
    return {
      title: 'Honua Geoprocessing',
      description:
        'Geoprocessing over OGC API - Processes: find a process, send geometry, get the answer at once or as a job.',
      links: [
        jsonLink(`${base}/`, 'self', 'This document'),
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
      ],
    };
  }

  @Get('conformance')
  @ApiOperation({ summary: 'Conformance classes', operationId: 'getConformance' })
  @ApiOkResponse({ description: 'What of the standard holds', schema: schemaRef('confClasses') })
  @ApiProblem(400, 406)
  conformance(@Query(validatedQuery(FormatQuery)) _query: FormatQuery): { conformsTo: string[] } {
    return { conformsTo: CONFORMS_TO };
  }
}
