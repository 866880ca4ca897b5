import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Database } from '../../database/index.js';
import type { Principal } from '../../shared/principal.js';
import { readHead } from '../auditing/seal-ledger.js';

/** Where the sealed ledger ends; `mac` is hex. Position 0: nothing is sealed yet. */
export class GetLedgerHead extends Query<{ position: number; mac: string; sealedAt: Date | null }> {
  constructor(readonly principal: Principal) {
    super();
  }
}

@QueryHandler(GetLedgerHead)
export class GetLedgerHeadHandler implements IQueryHandler<GetLedgerHead> {
  constructor(private readonly database: Database) {}

  async execute(): Promise<{ position: number; mac: string; sealedAt: Date | null }> {
    const { mac, ...head } = await this.database.asSystem(readHead);
    return { ...head, mac: mac.toString('hex') };
  }
}
