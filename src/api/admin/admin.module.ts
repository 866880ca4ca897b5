import { Module } from '@nestjs/common';
import { TenantsController } from './tenants/tenants.controller.js';

/** What operators ask and do, over all tenants. Each resource has a folder of its own. */
@Module({ controllers: [TenantsController] })
export class AdminModule {}
