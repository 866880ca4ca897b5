import { Controller, Get, Header, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { GetLedgerHead, type LedgerReport, VerifyLedger } from '../../../control-plane/index.js';
import { ApiProblem } from '../../../execution-adapter/index.js';
import { Access, Caller } from '../../../identity/index.js';
import type { Principal } from '../../../shared/principal.js';
import { validated } from '../validated.js';

const verificationQuery = z
  .strictObject({
    position: z.coerce.number().int().min(1).optional(),
    mac: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .optional(),
  })
  .refine(({ position, mac }) => (position === undefined) === (mac === undefined), {
    path: ['mac'],
    message: 'position and mac go together',
  });

const HEAD = {
  type: 'object',
  required: ['position', 'mac'],
  properties: { position: { type: 'integer' }, mac: { type: 'string' }, sealedAt: { type: 'string' } },
};

@ApiTags('Admin')
@Access({ scope: 'admin' })
@Controller('admin/ledger')
export class LedgerController {
  constructor(private readonly queries: QueryBus) {}

  @Get('head')
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'The end of the sealed ledger',
    operationId: 'getLedgerHead',
    description:
      'Keep it somewhere else: verification then proves that nothing before it was changed or cut off.',
  })
  @ApiOkResponse({ description: 'Its position, and its mark', schema: HEAD })
  @ApiProblem(401, 403)
  head(@Caller() principal: Principal): Promise<{ position: number; mac: string; sealedAt: Date | null }> {
    return this.queries.execute(new GetLedgerHead(principal));
  }

  @Get('verification')
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'Whether the ledger is as it was sealed',
    operationId: 'verifyLedger',
    description: 'Reads all of it. A line that was changed, moved, added or taken away is named.',
  })
  @ApiQuery({
    name: 'position',
    required: false,
    schema: { type: 'integer' },
    description: 'of a head kept elsewhere',
  })
  @ApiQuery({ name: 'mac', required: false, schema: { type: 'string' }, description: 'of the same head' })
  @ApiOkResponse({
    description: 'The report',
    schema: {
      type: 'object',
      required: ['whole', 'blocks', 'lines', 'faults'],
      properties: {
        whole: { type: 'boolean' },
        blocks: { type: 'integer' },
        lines: { type: 'integer' },
        retired: { type: 'integer' },
        head: HEAD,
        faults: { type: 'array', items: { type: 'object' } },
      },
    },
  })
  @ApiProblem(400, 401, 403)
  verify(
    @Caller() principal: Principal,
    @Query(validated(verificationQuery)) { position, mac }: z.infer<typeof verificationQuery>,
  ): Promise<LedgerReport> {
    const kept = position === undefined || mac === undefined ? undefined : { position, mac };
    return this.queries.execute(new VerifyLedger(principal, kept));
  }
}
