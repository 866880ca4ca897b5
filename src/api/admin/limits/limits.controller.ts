import { Controller, Delete, Get, Header, HttpCode, Param, Put, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
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
import {
  GetRuleHistory,
  GetTenantLimits,
  SetTenantLimits,
  type TenantLimits,
  tenantLimitsSchema,
} from '../../../control-plane/index.js';
import { ApiProblem } from '../../../execution-adapter/index.js';
import { Access, Caller } from '../../../identity/index.js';
import type { Principal } from '../../../shared/principal.js';
import { bodySchema, JsonBody } from '../json-body.js';
import { AlsoAsPage } from '../pages/also-as-page.js';
import { HISTORY, type History, stampOf, tenantId } from '../rule-info.js';
import { expectedVersion, sendTag } from '../version-tag.js';
import { LIMITS, type LimitsInfo } from './limits-info.js';
import { limitsPage } from './limits-page.js';

const OF_TENANT = ApiParam({ name: 'tenantId', schema: { type: 'string' }, example: 'default' });
const IF_MATCH = ApiHeader({
  name: 'If-Match',
  required: false,
  schema: { type: 'string' },
  description: 'The ETag of the limits that are changed; left out for the first ones',
});

@ApiTags('Admin')
@Access({ scope: 'admin' })
@Controller('admin/tenants/:tenantId/limits')
export class LimitsController {
  constructor(
    private readonly queries: QueryBus,
    private readonly commands: CommandBus,
  ) {}

  @Get()
  @AlsoAsPage(limitsPage)
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'The limits of a tenant', operationId: 'getTenantLimits' })
  @OF_TENANT
  @ApiOkResponse({ description: 'Its own limits, and those that hold', schema: LIMITS })
  @ApiProblem(400, 401, 403)
  async get(
    @Caller() principal: Principal,
    @Param('tenantId', tenantId) tenant: string,
    @Res({ passthrough: true }) response: Response,
  ): Promise<LimitsInfo> {
    const { own, effective } = await this.queries.execute(new GetTenantLimits(principal, tenant));
    if (own) sendTag(response, own.version);
    return { tenant, limits: own?.value ?? {}, effective, ...(own && stampOf(own)) };
  }

  @Put()
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'Set the limits of a tenant',
    operationId: 'setTenantLimits',
    description:
      'All of its own: what is left out is as configured. Every server goes by them within two seconds.',
  })
  @OF_TENANT
  @IF_MATCH
  @ApiBody({
    schema: bodySchema(tenantLimitsSchema),
    examples: { small: { value: { maxConcurrentJobs: 2, maxCostUnitsPerDay: 500, requestsPerSecond: 20 } } },
  })
  @ApiOkResponse({ description: 'The limits as they are now', schema: LIMITS })
  @ApiProblem(400, 401, 403, 412, 428)
  // oxlint-disable-next-line max-params -- what the framework hands in, not what a caller must know
  async set(
    @Caller() principal: Principal,
    @Param('tenantId', tenantId) tenant: string,
    @JsonBody(tenantLimitsSchema) limits: TenantLimits,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<LimitsInfo> {
    await this.commands.execute(new SetTenantLimits(principal, tenant, limits, expectedVersion(request)));
    return this.get(principal, tenant, response);
  }

  @Delete()
  @HttpCode(204)
  @ApiOperation({ summary: 'Take the limits of a tenant back', operationId: 'deleteTenantLimits' })
  @OF_TENANT
  @IF_MATCH
  @ApiNoContentResponse({ description: 'It has the configured limits' })
  @ApiProblem(400, 401, 403, 412, 428)
  async delete(
    @Caller() principal: Principal,
    @Param('tenantId', tenantId) tenant: string,
    @Req() request: Request,
  ): Promise<void> {
    await this.commands.execute(new SetTenantLimits(principal, tenant, undefined, expectedVersion(request)));
  }

  @Get('history')
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'Who changed the limits, when, from what to what',
    operationId: 'getLimitsHistory',
  })
  @OF_TENANT
  @ApiOkResponse({ description: 'The last 1,000 changes, newest first', schema: HISTORY })
  @ApiProblem(400, 401, 403)
  async history(
    @Caller() principal: Principal,
    @Param('tenantId', tenantId) tenant: string,
  ): Promise<History> {
    return { history: await this.queries.execute(new GetRuleHistory(principal, { kind: 'limits', tenant })) };
  }
}
