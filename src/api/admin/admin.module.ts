import { Module } from '@nestjs/common';
import { BaseUrl } from '../../execution-adapter/index.js';
import { ApprovalsController } from './approvals/approvals.controller.js';
import { BatchJobsController } from './batch/batch-jobs.controller.js';
import { CatalogController } from './catalog/catalog.controller.js';
import { KeysController } from './keys/keys.controller.js';
import { AdminLayersController } from './layers/admin-layers.controller.js';
import { LayerDeclarations } from './layers/layer-declarations.js';
import { LimitsController } from './limits/limits.controller.js';
import { LedgerController } from './ledger/ledger.controller.js';
import { OverviewController } from './overview/overview.controller.js';
import { AdminPages } from './pages/also-as-page.js';
import { PolicyOverridesController } from './policies/policy-overrides.controller.js';
import { QueuesController } from './queues/queues.controller.js';
import { RunsController } from './runs/runs.controller.js';
import { TenantsController } from './tenants/tenants.controller.js';
import { TiersController } from './tiers/tiers.controller.js';
import { UsageController } from './usage/usage.controller.js';

/** What operators ask and do, over all tenants. Each resource has a folder of its own. */
@Module({
  providers: [BaseUrl, AdminPages, LayerDeclarations],
  controllers: [
    OverviewController,
    TenantsController,
    KeysController,
    RunsController,
    TiersController,
    CatalogController,
    LedgerController,
    QueuesController,
    PolicyOverridesController,
    LimitsController,
    AdminLayersController,
    UsageController,
    ApprovalsController,
    BatchJobsController,
  ],
})
export class AdminModule {}
