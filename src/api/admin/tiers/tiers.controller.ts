import { Controller, Get, Header, HttpCode, Param, Post } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiBody, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { GetTiers, SwitchTier, type TierState } from '../../../control-plane/index.js';
import { ApiProblem } from '../../../execution-adapter/index.js';
import { Access, Caller } from '../../../identity/index.js';
import { TIER_NAMES } from '../../../registry/index.js';
import type { Principal } from '../../../shared/principal.js';
import { AlsoAsPage } from '../pages/also-as-page.js';
import { tiersPage } from './tiers-page.js';
import { bodySchema, JsonBody } from '../json-body.js';

const drainBody = z.strictObject({ reason: z.string().trim().min(1).max(500) });
const TIERS = {
  type: 'object',
  required: ['tiers'],
  properties: {
    tiers: {
      type: 'array',
      items: {
        type: 'object',
        required: ['tier', 'present', 'queued', 'running'],
        properties: {
          tier: { type: 'string', enum: [...TIER_NAMES] },
          present: { type: 'boolean' },
          health: { type: 'object' },
          capacity: { type: 'object', description: 'Of the server that answers' },
          drained: { type: 'object', description: 'Why, by whom and since when' },
          queued: { type: 'integer' },
          running: { type: 'integer' },
        },
      },
    },
  },
};

interface Tiers {
  tiers: TierState[];
}

@ApiTags('Admin')
@Access({ scope: 'admin' })
@Controller('admin/tiers')
export class TiersController {
  constructor(
    private readonly queries: QueryBus,
    private readonly commands: CommandBus,
  ) {}

  @Get()
  @AlsoAsPage(tiersPage)
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'How the tiers are, and what waits and runs there', operationId: 'getTiers' })
  @ApiOkResponse({ description: 'The tiers', schema: TIERS })
  @ApiProblem(401, 403)
  async list(@Caller() principal: Principal): Promise<Tiers> {
    return { tiers: await this.queries.execute(new GetTiers(principal)) };
  }

  @Post(':tier/drain')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Take a tier out of service on every server',
    operationId: 'drainTier',
    description: 'What runs there ends; what waits for it goes on waiting; nothing new is admitted to it.',
  })
  @ApiParam({ name: 'tier', schema: { type: 'string', enum: [...TIER_NAMES] }, example: 'postgis' })
  @ApiBody({
    schema: bodySchema(drainBody),
    examples: { why: { value: { reason: 'Maintenance until noon' } } },
  })
  @ApiOkResponse({ description: 'The tiers as they are now', schema: TIERS })
  @ApiProblem(400, 401, 403, 404)
  async drain(
    @Caller() principal: Principal,
    @Param('tier') tier: string,
    @JsonBody(drainBody) { reason }: z.infer<typeof drainBody>,
  ): Promise<Tiers> {
    await this.commands.execute(new SwitchTier(principal, tier, reason));
    return this.list(principal);
  }

  @Post(':tier/resume')
  @HttpCode(200)
  @ApiOperation({ summary: 'Put a tier back into service', operationId: 'resumeTier' })
  @ApiParam({ name: 'tier', schema: { type: 'string', enum: [...TIER_NAMES] }, example: 'postgis' })
  @ApiOkResponse({ description: 'The tiers as they are now', schema: TIERS })
  @ApiProblem(401, 403, 404)
  async resume(@Caller() principal: Principal, @Param('tier') tier: string): Promise<Tiers> {
    await this.commands.execute(new SwitchTier(principal, tier));
    return this.list(principal);
  }
}
