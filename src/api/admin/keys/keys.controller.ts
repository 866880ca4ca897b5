import { Controller, Delete, Get, Header, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ApiProblem } from '../../../execution-adapter/index.js';
import { Access, ApiKeys, Tenants } from '../../../identity/index.js';
import { bodySchema, JsonBody } from '../json-body.js';
import { KEY, KEY_LIST, type KeyInfo, keyInfo, NEW_KEY } from './key-info.js';

@ApiTags('Admin')
@Access({ scope: 'admin' })
@Controller('admin/tenants/:tenantId/keys')
export class KeysController {
  constructor(
    private readonly keys: ApiKeys,
    private readonly tenants: Tenants,
  ) {}

  @Get()
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'The keys of a tenant, newest first, without their secrets',
    operationId: 'getKeys',
  })
  @ApiResponse({ status: 200, description: 'The keys', schema: KEY_LIST })
  @ApiProblem(401, 403, 404)
  async list(@Param('tenantId') tenantId: string): Promise<{ keys: KeyInfo[] }> {
    const { id } = await this.tenants.get(tenantId);
    return { keys: (await this.keys.list(id)).map(keyInfo) };
  }

  @Post()
  @HttpCode(201)
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'Make a key; this is the only answer that has it', operationId: 'createKey' })
  @ApiBody({
    schema: { ...bodySchema(NEW_KEY), example: { user: 'nightly-import', scopes: ['read', 'execute'] } },
  })
  @ApiResponse({ status: 201, description: 'The key', schema: KEY })
  @ApiProblem(400, 401, 403, 404)
  async create(
    @Param('tenantId') tenant: string,
    @JsonBody(NEW_KEY) { user, scopes, expiresAt }: z.infer<typeof NEW_KEY>,
  ): Promise<KeyInfo> {
    const expiry = expiresAt === undefined ? {} : { expiresAt: new Date(expiresAt) };
    return keyInfo(await this.keys.create({ tenant, user, scopes: [...new Set(scopes)], ...expiry }));
  }

  @Post(':keyId/rotate')
  @HttpCode(201)
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'Make a key in place of another',
    description:
      'The old one stays good for a while (identity.keyRotationGrace), so that nobody stands outside.',
    operationId: 'rotateKey',
  })
  @ApiResponse({ status: 201, description: 'The new key', schema: KEY })
  @ApiProblem(401, 403, 404, 409)
  async rotate(@Param('tenantId') tenant: string, @Param('keyId') id: string): Promise<KeyInfo> {
    return keyInfo(await this.keys.rotate(tenant, id));
  }

  @Delete(':keyId')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Revoke a key',
    description: 'It opens nothing any more on any replica within two seconds, nor does what it has opened.',
    operationId: 'revokeKey',
  })
  @ApiResponse({ status: 200, description: 'The key, revoked', schema: KEY })
  @ApiProblem(401, 403, 404)
  async revoke(@Param('tenantId') tenant: string, @Param('keyId') id: string): Promise<KeyInfo> {
    return keyInfo(await this.keys.revoke(tenant, id));
  }
}
