import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Database } from '../../database/index.js';
import type { Principal } from '../../shared/principal.js';
import { ExportedHead } from '../auditing/exported-head.js';
import { LedgerKeys } from '../auditing/ledger-keys.js';
import { type LedgerReport, verifyLedger } from '../auditing/verify-ledger.js';

/** Whether the ledger is as it was sealed, as far as the exported head, and one that the caller kept. */
export class VerifyLedger extends Query<LedgerReport> {
  constructor(
    readonly principal: Principal,
    readonly kept?: { position: number; mac: string },
  ) {
    super();
  }
}

@QueryHandler(VerifyLedger)
export class VerifyLedgerHandler implements IQueryHandler<VerifyLedger> {
  constructor(
    private readonly database: Database,
    private readonly keys: LedgerKeys,
    private readonly exported: ExportedHead,
  ) {}

  async execute({ kept }: VerifyLedger): Promise<LedgerReport> {
    // Read before the chain is: the chain may only have grown since.
    const exported = await this.exported.read();
    const known = [exported, kept].filter((head) => head !== undefined);
    return this.database.asSystem((manager) => verifyLedger(manager, this.keys, known));
  }
}
