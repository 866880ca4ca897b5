import { Controller, Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiProblem } from '../../../execution-adapter/index.js';
import { Access, Tenants } from '../../../identity/index.js';
import { TENANT_LIST, type TenantInfo, tenantInfo } from './tenant-info.js';

@ApiTags('Admin')
@Access({ scope: 'admin' })
@Controller('admin/tenants')
export class TenantsController {
  constructor(private readonly tenants: Tenants) {}

  @Get()
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'All tenants, by their ids', operationId: 'getTenants' })
  @ApiOkResponse({ description: 'The tenants', schema: TENANT_LIST })
  @ApiProblem(401, 403)
  async list(): Promise<{ tenants: TenantInfo[] }> {
    return { tenants: (await this.tenants.list()).map(tenantInfo) };
  }
}
