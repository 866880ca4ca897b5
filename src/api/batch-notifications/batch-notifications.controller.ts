import { Controller, HttpCode, Post, Req } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBody, ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { TakeNotification } from '../../execution/index.js';
import { ApiProblem, readText } from '../../execution-adapter/index.js';
import { OpenToAll } from '../../identity/index.js';

/** A message of SNS has at most 256 KiB, which are escaped in its envelope. */
const LARGEST_BYTES = 1024 ** 2;

/** Amazon SNS signs what it sends and has no key of ours: its signature and its topic say who is calling. */
@ApiTags('Batch notifications')
@OpenToAll()
@Controller('api/geoprocessing/webhooks')
export class BatchNotificationsController {
  constructor(private readonly commands: CommandBus) {}

  @Post('batch-complete')
  @HttpCode(204)
  @ApiOperation({
    summary: 'What AWS Batch tells of its jobs, by Amazon SNS; refused unless its topic is configured',
    operationId: 'takeBatchNotification',
  })
  @ApiBody({
    description: 'A message of Amazon SNS',
    required: true,
    schema: { type: 'object' },
  })
  @ApiNoContentResponse({ description: 'Taken, or known already' })
  @ApiProblem(400, 401, 403, 413)
  async take(@Req() request: Request): Promise<void> {
    await this.commands.execute(new TakeNotification(() => readText(request, LARGEST_BYTES)));
  }
}
