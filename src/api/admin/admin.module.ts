import { Module } from '@nestjs/common';
import { KeysController } from './keys/keys.controller.js';
import { TenantsController } from './tenants/tenants.controller.js';

/** What operators ask and do, over all tenants. Each resource has a folder of its own. */
@Module({ controllers: [TenantsController, KeysController] })
export class AdminModule {}
