import { Inject, Injectable, Logger } from '@nestjs/common';
import { CONFIG, type HonuaConfig } from '../../config/index.js';
import { Database } from '../../database/index.js';
import { smallestUuidV7 } from '../../shared/uuid-v7.js';
import { LedgerSealer } from '../auditing/ledger-sealer.js';
import { ExpiredBytes } from './expired-bytes.js';

/** Unfinished runs are younger than this; their month is never dropped, whatever is configured. */
const YOUNGEST_DROPPED_MS = 31 * 86_400_000;

/** What time does to runs: partitions are made ahead of it, bytes, keys and months are let go behind it. */
@Injectable()
export class Retention {
  private readonly log = new Logger(Retention.name);

  constructor(
    @Inject(CONFIG) private readonly config: HonuaConfig,
    private readonly database: Database,
    private readonly bytes: ExpiredBytes,
    private readonly ledger: LedgerSealer,
  ) {}

  /** All of it, as once a day. Every step can be repeated. */
  async apply(now = new Date()): Promise<void> {
    await this.ensurePartitions();
    await this.bytes.delete(now);
    await this.forgetKeys();
    await this.dropMonths(now);
  }

  /** Rows that a default partition had to catch are an alarm: the months were not made in time. */
  async ensurePartitions(): Promise<void> {
    const made = await this.database.asSystem((manager) =>
      manager.query<{ partition_name: string; moved_rows: string }[]>('select * from ensure_partitions($1)', [
        this.config.retention.partitionsAhead,
      ]),
    );
    for (const { partition_name, moved_rows } of made) {
      if (Number(moved_rows) > 0)
        this.log.error(`Partition ${partition_name} was missing: ${moved_rows} row(s) came before it`);
      else this.log.log(`Made partition ${partition_name}`);
    }
    const [{ rows }] = await this.database.asSystem((manager) =>
      manager.query<[{ rows: string }]>('select rows_in_default_partition() as rows'),
    );
    if (Number(rows) > 0) this.log.error(`${rows} run(s) are in the default partition: no month takes them`);
  }

  async forgetKeys(): Promise<void> {
    await this.database.asSystem((manager) =>
      manager.query(`delete from idempotency_keys where created_at < clock_timestamp() - $1::interval`, [
        `${this.config.retention.idempotencyKeys} ms`,
      ]),
    );
  }

  /** Answers the partitions it dropped. */
  async dropMonths(now = new Date()): Promise<string[]> {
    const keep = Math.max(this.config.retention.runs, YOUNGEST_DROPPED_MS);
    const before = new Date(now.getTime() - keep);
    const due = await this.database.asSystem((manager) =>
      manager.query<unknown[]>('select droppable_partitions($1)', [before]),
    );
    if (due.length === 0) return [];
    // First: lines that are gone without a word would be lines taken away.
    await this.ledger.sealDropped(smallestUuidV7(startOfMonth(before)));
    const dropped = await this.database.asSystem((manager) =>
      manager.query<{ name: string }[]>('select drop_partitions($1) as name', [before]),
    );
    for (const { name } of dropped) this.log.log(`Dropped partition ${name}`);
    return dropped.map(({ name }) => name);
  }
}

const startOfMonth = (at: Date): Date => new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), 1));
