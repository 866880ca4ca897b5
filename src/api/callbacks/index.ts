import { Module } from '@nestjs/common';
import { CallbacksController } from './callbacks.controller.js';

/** What receivers of callbacks ask the service, whichever protocol their runs came by. */
@Module({ controllers: [CallbacksController] })
export class CallbacksModule {}
