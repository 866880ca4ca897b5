import { Controller, Get, HttpStatus, Res, ServiceUnavailableException } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import { HealthCheckService } from '@nestjs/terminus';
import type { Response } from 'express';
import { ApiProblem } from '../../execution-adapter/index.js';
import { OpenToAll } from '../../identity/index.js';
import { Readiness } from './readiness.js';

/** The answer of @nestjs/terminus; `details` has a member for each part. */
const STATUS = {
  type: 'object',
  required: ['status'],
  properties: { status: { type: 'string' }, error: { type: 'object' }, details: { type: 'object' } },
};

@ApiTags('Health')
@OpenToAll()
@Controller('health')
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly readiness: Readiness,
  ) {}

  @Get('live')
  @ApiOperation({ summary: 'Whether the process runs', operationId: 'getLiveness' })
  @ApiOkResponse({ description: 'It does', schema: STATUS })
  @ApiProblem()
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  @Get('ready')
  @ApiOperation({
    summary: 'Whether it can take runs: database, queue, workers, artifacts',
    operationId: 'getReadiness',
  })
  @ApiOkResponse({ description: 'It can', schema: STATUS })
  @ApiProblem()
  @ApiServiceUnavailableResponse({
    description: 'It cannot; `error` names the part that fails',
    schema: STATUS,
  })
  async ready(@Res({ passthrough: true }) response: Response): Promise<unknown> {
    response.setHeader('cache-control', 'no-store');
    try {
      return await this.health.check(this.readiness.checks());
    } catch (error) {
      if (!(error instanceof ServiceUnavailableException)) throw error;
      response.status(HttpStatus.SERVICE_UNAVAILABLE);
      return error.getResponse();
    }
  }
}
