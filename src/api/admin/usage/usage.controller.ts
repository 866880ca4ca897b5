import { Controller, Get, Header, Query, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { GetUsage } from '../../../control-plane/index.js';
import { ApiProblem } from '../../../execution-adapter/index.js';
import { Access, Caller } from '../../../identity/index.js';
import { TIER_NAMES } from '../../../registry/index.js';
import type { Principal } from '../../../shared/principal.js';
import { AlsoAsPage } from '../pages/also-as-page.js';
import { validated } from '../validated.js';
import { usageCsv } from './usage-csv.js';
import { type UsageDocument, usagePage } from './usage-page.js';

const usageQuery = z.strictObject({
  tenant: z.string().min(1).optional(),
  process: z.string().min(1).optional(),
  tier: z.enum(TIER_NAMES).optional(),
  from: z.iso.date().optional(),
  to: z.iso.date().optional(),
  f: z.enum(['json', 'csv', 'html']).optional(),
});
const DAYS_SHOWN = 30;
const DAY_MS = 86_400_000;
const ROW = { type: 'object', required: ['day', 'tenant', 'process', 'runs', 'costUnits'] };
const DAY = { type: 'string', format: 'date' };

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

@ApiTags('Admin')
@Access({ scope: 'admin' })
@Controller('admin/usage')
export class UsageController {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @AlsoAsPage(usagePage)
  @Header('cache-control', 'no-store')
  @Header('vary', 'Accept')
  @ApiOperation({
    summary: 'What was used, by tenant, process, tier and day',
    operationId: 'getUsage',
    description:
      'Of runs that ended on each UTC day, and of calls without a run. The last 30 days where nothing is said. ' +
      'Times are milliseconds. CSV with `f=csv` or Accept.',
  })
  @ApiQuery({ name: 'tenant', required: false, schema: { type: 'string' }, example: 'default' })
  @ApiQuery({ name: 'process', required: false, schema: { type: 'string' } })
  @ApiQuery({ name: 'tier', required: false, schema: { type: 'string', enum: [...TIER_NAMES] } })
  @ApiQuery({ name: 'from', required: false, schema: DAY })
  @ApiQuery({ name: 'to', required: false, schema: DAY })
  @ApiQuery({ name: 'f', required: false, schema: { type: 'string', enum: ['json', 'csv', 'html'] } })
  @ApiOkResponse({
    description: 'One row for each day, tenant, process and tier',
    content: {
      'application/json': {
        schema: {
          type: 'object',
          required: ['from', 'to', 'usage'],
          properties: { from: DAY, to: DAY, usage: { type: 'array', items: ROW } },
        },
      },
      'text/csv': { schema: { type: 'string' } },
    },
  })
  @ApiProblem(400, 401, 403)
  async get(
    @Caller() principal: Principal,
    @Query(validated(usageQuery)) query: z.infer<typeof usageQuery>,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<string | UsageDocument> {
    const to = query.to ?? dayOf(Date.now());
    const from = query.from ?? dayOf(Date.parse(to) - (DAYS_SHOWN - 1) * DAY_MS);
    const { tenant, process: processId, tier } = query;
    const usage = await this.queries.execute(new GetUsage(principal, { tenant, processId, tier, from, to }));
    const csv = query.f ? query.f === 'csv' : request.accepts(['json', 'text/csv']) === 'text/csv';
    if (!csv) return { from, to, usage };
    response.type('text/csv; charset=utf-8; header=present');
    return usageCsv(usage);
  }
}
