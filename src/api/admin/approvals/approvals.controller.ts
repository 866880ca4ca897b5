import { Controller, HttpCode, Param, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBody, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { DecideRun } from '../../../control-plane/index.js';
import { ApiProblem } from '../../../execution-adapter/index.js';
import { Access, Caller } from '../../../identity/index.js';
import type { Principal } from '../../../shared/principal.js';
import { bodySchema, JsonBody } from '../json-body.js';
import { type RunInfo, runInfo } from '../runs/run-info.js';

const reason = z.string().trim().min(1).max(500);
const approveBody = z.strictObject({ reason: reason.optional() });
const rejectBody = z.strictObject({ reason });
const RUN = { type: 'object', required: ['id', 'state', 'approval'], additionalProperties: true };
const OF_RUN = ApiParam({ name: 'runID', schema: { type: 'string', format: 'uuid' } });

@ApiTags('Admin')
@Access({ scope: 'admin' })
@Controller('admin/runs/:runID')
export class ApprovalsController {
  constructor(private readonly commands: CommandBus) {}

  @Post('approve')
  @HttpCode(200)
  @ApiOperation({ summary: 'Let a run that waits for approval go to the queue', operationId: 'approveRun' })
  @OF_RUN
  @ApiBody({ required: false, schema: bodySchema(approveBody), examples: { plain: { value: {} } } })
  @ApiOkResponse({ description: 'The run, queued', schema: RUN })
  @ApiProblem(400, 401, 403, 404, 409, 410)
  async approve(
    @Caller() principal: Principal,
    @Param('runID') id: string,
    @JsonBody(approveBody) body: z.infer<typeof approveBody>,
  ): Promise<RunInfo> {
    return runInfo(await this.commands.execute(new DecideRun(principal, id, 'approve', body.reason)));
  }

  @Post('reject')
  @HttpCode(200)
  @ApiOperation({ summary: 'End a run that waits for approval, with a reason', operationId: 'rejectRun' })
  @OF_RUN
  @ApiBody({
    schema: bodySchema(rejectBody),
    examples: { why: { value: { reason: 'Not this month' } } },
  })
  @ApiOkResponse({ description: 'The run, failed', schema: RUN })
  @ApiProblem(400, 401, 403, 404, 409, 410)
  async reject(
    @Caller() principal: Principal,
    @Param('runID') id: string,
    @JsonBody(rejectBody) body: z.infer<typeof rejectBody>,
  ): Promise<RunInfo> {
    return runInfo(await this.commands.execute(new DecideRun(principal, id, 'reject', body.reason)));
  }
}
