import { Controller, HttpCode, Post, Req } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request } from 'express';
import { TakeNotification } from '../../execution/index.js';
import { readText } from '../../execution-adapter/index.js';
import { OpenToAll } from '../../identity/index.js';

/** A message of SNS has at most 256 KiB, which are escaped in its envelope. */
const LARGEST_BYTES = 1024 ** 2;

/**
 * Amazon SNS signs what it sends and has no key of ours: its signature and its topic say who is calling. Left out of the API
 * definition, which is of what clients may call: this refuses them all.
 */
@ApiExcludeController()
@OpenToAll()
@Controller('api/geoprocessing/webhooks')
export class BatchNotificationsController {
  constructor(private readonly commands: CommandBus) {}

  /** 204: taken, or known already. 400, 401 and 403 say what is wrong with it; 503 that it is to come again. */
  @Post('batch-complete')
  @HttpCode(204)
  async take(@Req() request: Request): Promise<void> {
    await this.commands.execute(new TakeNotification(() => readText(request, LARGEST_BYTES)));
  }
}
