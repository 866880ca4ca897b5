import { Controller, Get, Header } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { FindRuns, GetLedgerHead, GetTiers } from '../../../control-plane/index.js';
import { ApiProblem } from '../../../execution-adapter/index.js';
import { Access, Caller, Tenants } from '../../../identity/index.js';
import type { Principal } from '../../../shared/principal.js';
import { AlsoAsPage } from '../pages/also-as-page.js';
import { runInfo } from '../runs/run-info.js';
import { tenantInfo } from '../tenants/tenant-info.js';
import type { Overview } from './overview.js';
import { overviewPage } from './overview-page.js';

const LATEST = 10;

@ApiTags('Admin')
@Access({ scope: 'admin' })
@Controller('admin')
export class OverviewController {
  constructor(
    private readonly queries: QueryBus,
    private readonly tenants: Tenants,
  ) {}

  @Get()
  @AlsoAsPage(overviewPage)
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'How the service is', operationId: 'getOverview' })
  @ApiOkResponse({
    description: 'Tiers, tenants, the latest failures and the end of the ledger',
    schema: { type: 'object', required: ['tiers', 'tenants', 'latestFailures', 'ledger'] },
  })
  @ApiProblem(401, 403)
  async overview(@Caller() principal: Principal): Promise<Overview> {
    const failed = new FindRuns(principal, { states: ['failed'], limit: LATEST });
    const [tiers, tenants, { runs }, ledger] = await Promise.all([
      this.queries.execute(new GetTiers(principal)),
      this.tenants.list(),
      this.queries.execute(failed),
      this.queries.execute(new GetLedgerHead(principal)),
    ]);
    return { tiers, tenants: tenants.map(tenantInfo), latestFailures: runs.map(runInfo), ledger };
  }
}
