import type { EntityManager } from 'typeorm';
import {
  blockMac,
  type LedgerBlock,
  type LedgerLine,
  LINE_COLUMNS,
  LINE_MAC_BYTES,
  lineMac,
  sameMac,
} from './ledger-block.js';
import type { LedgerKeys } from './ledger-keys.js';

export interface LedgerFault {
  kind:
    | 'line-changed'
    | 'line-missing'
    | 'line-added'
    | 'block-changed'
    | 'block-missing'
    | 'tail-missing'
    | 'key-unknown';
  /** The block that tells. */
  position?: number;
  runId?: string;
  seq?: number;
  message: string;
}

export interface LedgerReport {
  whole: boolean;
  blocks: number;
  lines: number;
  /** Of months that were dropped and tenants that were erased, by the chain's own word. */
  retired: number;
  head: { position: number; mac: string };
  faults: LedgerFault[];
}

const BLOCKS_AT_ONCE = 50;
/** More of them say nothing more. */
const MOST_FAULTS = 1_000;
/** A line that no block has after so long was put there past the service. */
const SEALED_WITHIN = '60 seconds';
/** Reading all of it may take longer than any request may. */
const STATEMENT_LIMIT = '30min';

/**
 * Reads the whole chain and every line that it holds, in one transaction that sees one moment. `known` are heads that were
 * kept elsewhere: the chain must still contain them. Runs as the system.
 */
export function verifyLedger(
  manager: EntityManager,
  keys: LedgerKeys,
  known: { position: number; mac: string }[],
): Promise<LedgerReport> {
  return manager.transaction('REPEATABLE READ', async (tx) => {
    await tx.query(`set local statement_timeout = '${STATEMENT_LIMIT}'`);
    return new Verification(tx, keys, known).run();
  });
}

class Verification {
  private readonly faults: LedgerFault[] = [];
  private position = 0;
  private mac: Buffer = Buffer.alloc(0);
  private lines = 0;
  private missing = new Map<string, { position: number; runId: string; seq: number }[]>();
  private retired = 0;
  private blocks = 0;
  private droppedBefore = '';
  private readonly erased = new Set<string>();

  constructor(
    private readonly tx: EntityManager,
    private readonly keys: LedgerKeys,
    private readonly known: { position: number; mac: string }[],
  ) {}

  async run(): Promise<LedgerReport> {
    for (;;) {
      const blocks = await this.nextBlocks();
      if (blocks.length === 0) break;
      for (const block of blocks) await this.check(block);
    }
    this.settleMissing();
    this.checkTail();
    await this.findAdded();
    await this.findCut();
    const { faults, lines, retired, blocks, position, mac } = this;
    const head = { position, mac: mac.toString('hex') };
    return { whole: faults.length === 0, blocks, lines, retired, head, faults };
  }

  private nextBlocks(): Promise<LedgerBlock[]> {
    return this.tx.query(
      `select position::float8 as position, sealed_at, kind, run_ids, seqs, line_macs, dropped_before, key_id,
              previous_mac, mac
         from ledger_blocks where position > $1 order by position limit ${BLOCKS_AT_ONCE}`,
      [this.position],
    );
  }

  private async check(block: LedgerBlock): Promise<void> {
    const { position } = block;
    if (position !== this.position + 1)
      this.fault({
        kind: 'block-missing',
        position: this.position + 1,
        message: `Blocks ${this.position + 1} to ${position - 1} are gone.`,
      });
    const key = this.keys.find(block.key_id);
    if (!key)
      this.fault({
        kind: 'key-unknown',
        position,
        message: `Block ${position} was sealed with an unknown key.`,
      });
    else if (!sameMac(block.mac, blockMac(key, block)) || (this.inOrder(position) && !this.follows(block)))
      this.fault({ kind: 'block-changed', position, message: `Block ${position} is not what was sealed.` });
    this.checkKnown(block);
    this.blocks++;
    this.position = position;
    this.mac = block.mac;
    if (block.kind === 'dropped' && block.dropped_before! > this.droppedBefore)
      this.droppedBefore = block.dropped_before!;
    if (block.kind === 'erased') for (const id of block.run_ids) this.erased.add(id);
    if (block.kind === 'lines' && key) await this.checkLines(block, (line) => lineMac(key, line));
  }

  private inOrder = (position: number): boolean => position === this.position + 1;
  private follows = (block: LedgerBlock): boolean => sameMac(block.previous_mac, this.mac);

  /** A head that was kept elsewhere stands for everything before it. */
  private checkKnown({ position, mac }: LedgerBlock): void {
    if (this.known.some((head) => head.position === position && head.mac !== mac.toString('hex')))
      this.fault({
        kind: 'block-changed',
        position,
        message: `Block ${position} is not the one whose mark was kept elsewhere: the chain was cut there and sealed anew.`,
      });
  }

  private async checkLines(block: LedgerBlock, macOf: (line: LedgerLine) => Buffer): Promise<void> {
    const rows = (await this.tx.query(
      `select ${LINE_COLUMNS} from unnest($1::uuid[], $2::int[]) with ordinality as s (run_id, seq, place)
         left join process_run_events e on e.run_id = s.run_id and e.seq = s.seq order by s.place`,
      [block.run_ids, block.seqs],
    )) as (LedgerLine | { run_id: null })[];
    rows.forEach((line, index) => {
      const [runId, seq] = [block.run_ids[index]!, block.seqs[index]!];
      const { position } = block;
      this.lines++;
      if (line.run_id === null) return this.keepMissing({ position, runId, seq });
      const sealed = block.line_macs.subarray(index * LINE_MAC_BYTES, (index + 1) * LINE_MAC_BYTES);
      if (!sameMac(sealed, macOf(line)))
        this.fault({
          kind: 'line-changed',
          position,
          runId,
          seq,
          message: `Line ${seq} of run ${runId} is not what was sealed.`,
        });
    });
  }

  private keepMissing(line: { position: number; runId: string; seq: number }): void {
    const lines = this.missing.get(line.runId);
    if (lines) lines.push(line);
    else this.missing.set(line.runId, [line]);
  }

  /** What excuses a missing line is sealed after it. */
  private settleMissing(): void {
    for (const [runId, lines] of this.missing) {
      if (runId < this.droppedBefore || this.erased.has(runId)) {
        this.retired += lines.length;
        continue;
      }
      for (const line of lines)
        this.fault({
          kind: 'line-missing',
          ...line,
          message: `Line ${line.seq} of run ${runId} was sealed and is gone.`,
        });
    }
  }

  private checkTail(): void {
    const furthest = Math.max(0, ...this.known.map(({ position }) => position));
    if (furthest > this.position)
      this.fault({
        kind: 'tail-missing',
        position: this.position + 1,
        message: `The chain ends with block ${this.position}; block ${furthest} is known to have been sealed.`,
      });
  }

  private async findAdded(): Promise<void> {
    const rows = (await this.tx.query(
      `select run_id, seq from process_run_events where at < clock_timestamp() - interval '${SEALED_WITHIN}'
       except select unnest(run_ids), unnest(seqs) from ledger_blocks where kind = 'lines' limit ${MOST_FAULTS}`,
    )) as { run_id: string; seq: number }[];
    for (const { run_id, seq } of rows)
      this.fault({
        kind: 'line-added',
        runId: run_id,
        seq,
        message: `Line ${seq} of run ${run_id} is in no block: it was put there past the service.`,
      });
  }

  /** A run counts its lines: where the last one is gone together with its block, the run still names it. */
  private async findCut(): Promise<void> {
    const rows = (await this.tx.query(
      `select r.id, r.event_seq as seq from process_runs r
        where not exists (select from process_run_events e where e.run_id = r.id and e.seq = r.event_seq)
        limit ${MOST_FAULTS}`,
    )) as { id: string; seq: number }[];
    for (const { id: runId, seq } of rows) {
      if (this.missing.has(runId)) continue;
      const message = `Line ${seq} of run ${runId} is gone, and no block tells of it.`;
      this.fault({ kind: 'line-missing', runId, seq, message });
    }
  }

  private fault(fault: LedgerFault): void {
    if (this.faults.length < MOST_FAULTS) this.faults.push(fault);
  }
}
