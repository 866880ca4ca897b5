import { Module } from '@nestjs/common';
import { BatchNotificationsController } from './batch-notifications.controller.js';

/** Who runs programs for this server, and tells by HTTP how they are. */
@Module({ controllers: [BatchNotificationsController] })
export class BatchNotificationsModule {}
