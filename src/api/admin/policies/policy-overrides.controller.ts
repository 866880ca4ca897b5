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
  EVERY_PROCESS,
  GetPolicyOverrides,
  GetRuleHistory,
  type PolicyOverride,
  policyOverrideSchema,
  SetPolicyOverride,
} from '../../../control-plane/index.js';
import { ApiProblem } from '../../../execution-adapter/index.js';
import { Access, Caller } from '../../../identity/index.js';
import { Catalog } from '../../../registry/index.js';
import { AppError } from '../../../shared/app-error.js';
import type { Principal } from '../../../shared/principal.js';
import { bodySchema, JsonBody } from '../json-body.js';
import { AlsoAsPage } from '../pages/also-as-page.js';
import { HISTORY, type History, stampOf, tenantId } from '../rule-info.js';
import { expectedVersion, sendTag } from '../version-tag.js';
import { policiesPage } from './policies-page.js';
import { POLICY, type PolicyInfo } from './policy-info.js';

const OF_TENANT = ApiParam({ name: 'tenantId', schema: { type: 'string' }, example: 'default' });
const OF_PROCESS = ApiParam({
  name: 'processId',
  schema: { type: 'string' },
  example: 'buffer',
  description: '`*`: every process; what is said of a process stands before it',
});
const IF_MATCH = ApiHeader({
  name: 'If-Match',
  required: false,
  schema: { type: 'string' },
  description: 'The ETag of the policy that is changed; left out for the first one',
});

@ApiTags('Admin')
@Access({ scope: 'admin' })
@Controller('admin/tenants/:tenantId/policy-overrides')
export class PolicyOverridesController {
  constructor(
    private readonly queries: QueryBus,
    private readonly commands: CommandBus,
    private readonly catalog: Catalog,
  ) {}

  @Get()
  @AlsoAsPage(policiesPage)
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'The policies of a tenant', operationId: 'getPolicyOverrides' })
  @OF_TENANT
  @ApiOkResponse({
    description: 'The policies, by process',
    schema: {
      type: 'object',
      required: ['tenant', 'policies'],
      properties: { tenant: { type: 'string' }, policies: { type: 'array', items: POLICY } },
    },
  })
  @ApiProblem(400, 401, 403)
  async list(
    @Caller() principal: Principal,
    @Param('tenantId', tenantId) tenant: string,
  ): Promise<{ tenant: string; policies: PolicyInfo[] }> {
    return { tenant, policies: await this.find(principal, tenant) };
  }

  @Get(':processId')
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'The policy of a tenant for a process', operationId: 'getPolicyOverride' })
  @OF_TENANT
  @OF_PROCESS
  @ApiOkResponse({ description: 'The policy; its ETag is what a change must name', schema: POLICY })
  @ApiProblem(400, 401, 403, 404)
  async get(
    @Caller() principal: Principal,
    @Param('tenantId', tenantId) tenant: string,
    @Param('processId') processId: string,
    @Res({ passthrough: true }) response: Response,
  ): Promise<PolicyInfo> {
    const [policy] = await this.find(principal, tenant, processId);
    if (!policy)
      throw new AppError(
        'not-found',
        'policy-not-found',
        'There is no policy of this tenant for this process.',
      );
    sendTag(response, policy.version);
    return policy;
  }

  @Put(':processId')
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'Set the policy of a tenant for a process',
    operationId: 'setPolicyOverride',
    description:
      'The whole policy: what is left out is as without one. Every server goes by it within two seconds.',
  })
  @OF_TENANT
  @OF_PROCESS
  @IF_MATCH
  @ApiBody({
    schema: bodySchema(policyOverrideSchema),
    examples: {
      asyncOnly: { value: { asyncOnly: true } },
      tier: { value: { forcedTier: 'in-process', maxEstimatedCostUnits: 10, artifactRetention: '7d' } },
    },
  })
  @ApiOkResponse({ description: 'The policy as it is now', schema: POLICY })
  @ApiProblem(400, 401, 403, 404, 412, 428)
  // oxlint-disable-next-line max-params -- what the framework hands in, not what a caller must know
  async set(
    @Caller() principal: Principal,
    @Param('tenantId', tenantId) tenant: string,
    @Param('processId') processId: string,
    @JsonBody(policyOverrideSchema) policy: PolicyOverride,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<PolicyInfo> {
    if (processId !== EVERY_PROCESS) this.catalog.get(processId);
    const target = { tenant, processId };
    const version = await this.commands.execute(
      new SetPolicyOverride(principal, target, policy, expectedVersion(request)),
    );
    sendTag(response, version);
    return this.get(principal, tenant, processId, response);
  }

  @Delete(':processId')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Take the policy of a tenant for a process back',
    operationId: 'deletePolicyOverride',
  })
  @OF_TENANT
  @OF_PROCESS
  @IF_MATCH
  @ApiNoContentResponse({ description: 'There is none any more' })
  @ApiProblem(400, 401, 403, 412, 428)
  async delete(
    @Caller() principal: Principal,
    @Param('tenantId', tenantId) tenant: string,
    @Param('processId') processId: string,
    @Req() request: Request,
  ): Promise<void> {
    const target = { tenant, processId };
    await this.commands.execute(
      new SetPolicyOverride(principal, target, undefined, expectedVersion(request)),
    );
  }

  @Get(':processId/history')
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'Who changed the policy, when, from what to what',
    operationId: 'getPolicyHistory',
  })
  @OF_TENANT
  @OF_PROCESS
  @ApiOkResponse({ description: 'The last 1,000 changes, newest first', schema: HISTORY })
  @ApiProblem(400, 401, 403)
  async history(
    @Caller() principal: Principal,
    @Param('tenantId', tenantId) tenant: string,
    @Param('processId') processId: string,
  ): Promise<History> {
    return {
      history: await this.queries.execute(
        new GetRuleHistory(principal, { kind: 'policy', tenant, processId }),
      ),
    };
  }

  private async find(principal: Principal, tenant: string, processId?: string): Promise<PolicyInfo[]> {
    const rules = await this.queries.execute(new GetPolicyOverrides(principal, tenant, processId));
    return rules.map((rule) => ({ process: rule.processId, policy: rule.value, ...stampOf(rule) }));
  }
}
