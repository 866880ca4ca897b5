import { Controller, Get, Header, Param, Query, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { GetRunLog } from '../../control-plane/index.js';
import { ApiProblem } from '../../execution-adapter/index.js';
import { Access, Caller } from '../../identity/index.js';
import { invalidInput } from '../../shared/app-error.js';
import type { Principal } from '../../shared/principal.js';
import { JobId } from './job-id.js';
import { ApiJobId } from './openapi/api-documents.js';

@ApiTags('Jobs')
@Access({ scope: 'read', ids: ['jobID'] })
@Controller('jobs')
export class JobLogController {
  constructor(private readonly queries: QueryBus) {}

  @Get(':jobID/logs')
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'What the program of a job said, for processes that run in workers',
    operationId: 'getLog',
  })
  @ApiJobId()
  @ApiQuery({
    name: 'from',
    required: false,
    schema: { type: 'integer', minimum: 0, default: 0 },
    example: 0,
  })
  @ApiOkResponse({
    description: 'At most 1 MiB of it; nothing of a job that had no program, or whose log is no longer kept',
    content: { 'text/plain': { schema: { type: 'string' } } },
    headers: {
      'Honua-Log-Next': { description: 'The byte to go on from', schema: { type: 'integer' } },
      'Honua-Log-Complete': { description: 'Whether nothing follows any more', schema: { type: 'boolean' } },
    },
  })
  @ApiProblem(400, 404, 410)
  async get(
    @Caller() principal: Principal,
    @Res() response: Response,
    @Param('jobID', JobId) id: string,
    @Query('from') from?: string | string[],
  ): Promise<void> {
    const start =
      from === undefined ? 0 : typeof from === 'string' && /^\d{1,15}$/.test(from) ? Number(from) : NaN;
    if (Number.isNaN(start))
      throw invalidInput('from: must be a whole number of bytes', [
        { path: 'from', message: 'must be a whole number of bytes' },
      ]);
    const { bytes, next, isComplete } = await this.queries.execute(new GetRunLog(principal, id, start));
    response.setHeader('honua-log-next', next);
    response.setHeader('honua-log-complete', String(isComplete));
    response.type('text/plain; charset=utf-8').send(bytes);
  }
}
