import { Controller, Delete, Get, Header, HttpCode, Param, Patch, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBody, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { EraseTenant } from '../../../control-plane/index.js';
import { ApiProblem } from '../../../execution-adapter/index.js';
import { Access, Tenants } from '../../../identity/index.js';
import { bodySchema, JsonBody } from '../json-body.js';
import { AlsoAsPage } from '../pages/also-as-page.js';
import {
  NEW_TENANT,
  TENANT,
  TENANT_CHANGE,
  TENANT_LIST,
  type TenantInfo,
  tenantInfo,
} from './tenant-info.js';
import { tenantPage, tenantsPage } from './tenants-page.js';

@ApiTags('Admin')
@Access({ scope: 'admin' })
@Controller('admin/tenants')
export class TenantsController {
  constructor(
    private readonly tenants: Tenants,
    private readonly commands: CommandBus,
  ) {}

  @Get()
  @AlsoAsPage(tenantsPage)
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'All tenants, by their ids', operationId: 'getTenants' })
  @ApiResponse({ status: 200, description: 'The tenants', schema: TENANT_LIST })
  @ApiProblem(401, 403)
  async list(): Promise<{ tenants: TenantInfo[] }> {
    return { tenants: (await this.tenants.list()).map(tenantInfo) };
  }

  @Post()
  @HttpCode(201)
  @ApiOperation({ summary: 'Enter a tenant', operationId: 'createTenant' })
  @ApiBody({ schema: { ...bodySchema(NEW_TENANT), example: { id: 'acme', title: 'Acme' } } })
  @ApiResponse({ status: 201, description: 'The tenant', schema: TENANT })
  @ApiProblem(400, 401, 403, 409)
  async create(@JsonBody(NEW_TENANT) body: z.infer<typeof NEW_TENANT>): Promise<TenantInfo> {
    return tenantInfo(await this.tenants.create(body));
  }

  @Get(':tenantId')
  @AlsoAsPage(tenantPage)
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'A tenant', operationId: 'getTenant' })
  @ApiResponse({ status: 200, description: 'The tenant', schema: TENANT })
  @ApiProblem(401, 403, 404)
  async get(@Param('tenantId') id: string): Promise<TenantInfo> {
    return tenantInfo(await this.tenants.get(id));
  }

  @Patch(':tenantId')
  @ApiOperation({
    summary: 'Name a tenant, shut it out, or let it in again',
    description: 'Who is shut out gets no further on any replica within two seconds. Its runs go on.',
    operationId: 'changeTenant',
  })
  @ApiBody({ schema: { ...bodySchema(TENANT_CHANGE), example: { enabled: false } } })
  @ApiResponse({ status: 200, description: 'The tenant as it is now', schema: TENANT })
  @ApiProblem(400, 401, 403, 404, 409)
  async change(
    @Param('tenantId') id: string,
    @JsonBody(TENANT_CHANGE) body: z.infer<typeof TENANT_CHANGE>,
  ): Promise<TenantInfo> {
    return tenantInfo(await this.tenants.change(id, body));
  }

  @Delete(':tenantId')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Erase a tenant and everything of it',
    description:
      'It is shut out and its runs are cancelled first. 409 while some still end: ask again, nothing is lost or half done.',
    operationId: 'eraseTenant',
  })
  @ApiResponse({ status: 204, description: 'Nothing of it is left' })
  @ApiProblem(401, 403, 404, 409)
  async erase(@Param('tenantId') id: string): Promise<void> {
    await this.tenants.change(id, { enabled: false });
    await this.commands.execute(new EraseTenant(id));
  }
}
