import { Controller, Get, Header } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { GetCallbackSecret } from '../../control-plane/index.js';
import { ApiProblem } from '../../execution-adapter/index.js';
import { Access, Caller } from '../../identity/index.js';
import type { Principal } from '../../shared/principal.js';

@ApiTags('Callbacks')
@Controller('callbacks')
export class CallbacksController {
  constructor(private readonly queries: QueryBus) {}

  @Access({ scope: 'execute' })
  @Get('secret')
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'The secret that your callbacks are signed with (Standard Webhooks)',
    operationId: 'getCallbackSecret',
  })
  @ApiOkResponse({
    description: 'The secret',
    schema: {
      type: 'object',
      required: ['secret'],
      properties: { secret: { type: 'string', description: '`whsec_` and the secret in base64' } },
    },
  })
  @ApiProblem(403)
  async secret(@Caller() principal: Principal): Promise<{ secret: string }> {
    return { secret: await this.queries.execute(new GetCallbackSecret(principal)) };
  }
}
