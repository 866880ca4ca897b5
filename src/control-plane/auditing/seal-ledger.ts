import type { EntityManager } from 'typeorm';
import {
  blockMac,
  type LedgerBlock,
  type LedgerKey,
  type LedgerLine,
  LINE_COLUMNS,
  LINE_MAC_BYTES,
  lineMac,
} from './ledger-block.js';

/** Where the chain ends. Whoever keeps it elsewhere can tell later that nothing before it was cut off. */
export interface LedgerHead {
  position: number;
  mac: Buffer;
  sealedAt: Date | null;
}

const LOCK = 7205;
const LINES_OF_A_BLOCK = 10_000;
/** A snapshot in which nothing had happened yet. */
const BEFORE_ALL = '3:3:';
const NO_HEAD: LedgerHead = { position: 0, mac: Buffer.alloc(0), sealedAt: null };

/** What no block has yet: written by a transaction that is visible now and was not at the last look. */
const UNSEALED = `e.xid >= pg_snapshot_xmin($1::pg_snapshot) and not pg_visible_in_snapshot(e.xid, $1::pg_snapshot)
  and e.xid < pg_snapshot_xmax(pg_current_snapshot())`;

type Taken = LedgerLine & { xid: string };

/** Whether there is anything to seal: one cheap look. Runs as the system. */
export async function hasUnsealed(manager: EntityManager): Promise<boolean> {
  const [row] = (await manager.query(
    `with last as (select coalesce((select snapshot from ledger_blocks where snapshot is not null
                                     order by position desc limit 1), '${BEFORE_ALL}') as snapshot)
     select pg_snapshot_xmax(pg_current_snapshot()) < pg_snapshot_xmax(last.snapshot)
         or exists (select from process_run_events e
                     where ${UNSEALED.replaceAll('$1::pg_snapshot', 'last.snapshot')}) as found
       from last`,
  )) as [{ found: boolean }];
  return row.found;
}

/**
 * Seals every committed line that is not sealed yet, in one transaction, whose snapshot is the next look's beginning.
 * Answers the new head; undefined where another server is sealing. Runs as the system.
 */
export function sealLedger(manager: EntityManager, key: LedgerKey): Promise<LedgerHead | undefined> {
  return chained(manager, async (tx, chain) => {
    const { since, rebased } = await chain.lookBegins();
    let after: Taken | undefined;
    for (;;) {
      const lines = await take(tx, since, after);
      const last = lines.length < LINES_OF_A_BLOCK;
      // An empty block, too, keeps where a look ended that has filled blocks before it.
      if (lines.length > 0 || after || rebased) await chain.append(key, linesBlock(key, lines), last);
      if (last) return;
      after = lines.at(-1);
    }
  });
}

/** Says that the lines of runs older than `before` are gone from now on, and rightly so. Runs as the system. */
export function sealDropped(
  manager: EntityManager,
  key: LedgerKey,
  before: string,
): Promise<LedgerHead | undefined> {
  return chained(manager, (_, chain) =>
    chain.append(key, { ...EMPTY, kind: 'dropped', dropped_before: before }, false),
  );
}

/** Says that the lines of these runs are gone from now on, since their tenant was erased. Runs as the system. */
export function sealErased(
  manager: EntityManager,
  key: LedgerKey,
  runIds: string[],
): Promise<LedgerHead | undefined> {
  return chained(manager, (_, chain) =>
    chain.append(key, { ...EMPTY, kind: 'erased', run_ids: runIds }, false),
  );
}

type Content = Pick<LedgerBlock, 'kind' | 'run_ids' | 'seqs' | 'line_macs' | 'dropped_before'>;

const EMPTY: Content = {
  kind: 'lines',
  run_ids: [],
  seqs: [],
  line_macs: Buffer.alloc(0),
  dropped_before: null,
};

const linesBlock = (key: LedgerKey, lines: Taken[]): Content => ({
  ...EMPTY,
  run_ids: lines.map(({ run_id }) => run_id),
  seqs: lines.map(({ seq }) => seq),
  line_macs: Buffer.concat(
    lines.map((line) => lineMac(key, line)),
    lines.length * LINE_MAC_BYTES,
  ),
});

function take(tx: EntityManager, since: string, after: Taken | undefined): Promise<Taken[]> {
  return tx.query(
    `select ${LINE_COLUMNS}, e.xid::text from process_run_events e
      where ${UNSEALED} and ($2::xid8 is null or (e.xid, e.run_id, e.seq) > ($2::xid8, $3::uuid, $4::int))
      order by e.xid, e.run_id, e.seq limit ${LINES_OF_A_BLOCK}`,
    [since, after?.xid ?? null, after?.run_id ?? null, after?.seq ?? null],
  );
}

/** One sealer at a time adds to the chain; two that meet cannot both take a position. */
async function chained(
  manager: EntityManager,
  work: (tx: EntityManager, chain: Chain) => Promise<void>,
): Promise<LedgerHead | undefined> {
  return manager.transaction('REPEATABLE READ', async (tx) => {
    const [{ mine }] = (await tx.query('select pg_try_advisory_xact_lock($1) as mine', [LOCK])) as [
      { mine: boolean },
    ];
    if (!mine) return undefined;
    const chain = new Chain(tx, await readHead(tx));
    await work(tx, chain);
    return chain.head;
  });
}

export async function readHead(manager: EntityManager): Promise<LedgerHead> {
  const [row] = (await manager.query(
    'select position::float8 as position, mac, sealed_at from ledger_blocks order by position desc limit 1',
  )) as { position: number; mac: Buffer; sealed_at: Date }[];
  return row ? { position: row.position, mac: row.mac, sealedAt: row.sealed_at } : NO_HEAD;
}

/** Whether the chain has this block as it was sealed. Runs as the system. */
export async function holdsBlock(
  manager: EntityManager,
  { position, mac }: { position: number; mac: string },
): Promise<boolean> {
  const rows = (await manager.query(
    `select from ledger_blocks where position = $1 and encode(mac, 'hex') = $2`,
    [position, mac],
  )) as unknown[];
  return rows.length > 0;
}

class Chain {
  constructor(
    private readonly tx: EntityManager,
    public head: LedgerHead,
  ) {}

  /** Since which snapshot lines are to be taken. */
  async lookBegins(): Promise<{ since: string; rebased: boolean }> {
    const [row] = (await this.tx.query(
      `select snapshot::text, pg_snapshot_xmax(pg_current_snapshot()) < pg_snapshot_xmax(snapshot) as elsewhere
         from ledger_blocks where snapshot is not null order by position desc limit 1`,
    )) as { snapshot: string; elsewhere: boolean }[];
    if (!row) return { since: BEFORE_ALL, rebased: false };
    if (!row.elsewhere) return { since: row.snapshot, rebased: false };
    await this.tx.query('select rebase_ledger()');
    return { since: '4:4:', rebased: true };
  }

  async append(key: LedgerKey, content: Content, endsLook: boolean): Promise<void> {
    const unsigned = {
      ...content,
      position: this.head.position + 1,
      sealed_at: new Date(),
      key_id: key.id,
      previous_mac: this.head.mac,
    };
    const mac = blockMac(key, unsigned);
    await this.tx.query(
      `insert into ledger_blocks (position, sealed_at, kind, run_ids, seqs, line_macs, dropped_before, key_id,
                                  previous_mac, mac, snapshot)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, case when $11 then pg_current_snapshot() end)`,
      [
        unsigned.position,
        unsigned.sealed_at,
        unsigned.kind,
        unsigned.run_ids,
        unsigned.seqs,
        unsigned.line_macs,
        unsigned.dropped_before,
        unsigned.key_id,
        unsigned.previous_mac,
        mac,
        endsLook,
      ],
    );
    this.head = { position: unsigned.position, mac, sealedAt: unsigned.sealed_at };
  }
}
