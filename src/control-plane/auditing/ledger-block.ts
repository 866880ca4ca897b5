import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** A line of the ledger as the database writes it out: text, so that the same line is the same bytes for ever. */
export interface LedgerLine {
  run_id: string;
  seq: number;
  tenant_id: string;
  /** Microseconds since 1970. */
  at: string;
  kind: string;
  attempt: number;
  data: string;
}

/** The columns of a LedgerLine over the rows `e` of process_run_events. */
export const LINE_COLUMNS = `e.run_id, e.seq, e.tenant_id, (extract(epoch from e.at) * 1000000)::bigint::text as at,
  e.kind, e.attempt, e.data::text as data`;

export interface LedgerBlock {
  position: number;
  sealed_at: Date;
  kind: 'lines' | 'dropped' | 'erased';
  run_ids: string[];
  seqs: number[];
  /** LINE_MAC_BYTES of each line, in order. */
  line_macs: Buffer;
  dropped_before: string | null;
  key_id: string;
  previous_mac: Buffer;
  mac: Buffer;
}

export interface LedgerKey {
  id: string;
  secret: Buffer;
}

/** 128 bits of HMAC-SHA-256 (RFC 2104 section 5 allows cutting it to half) keep a block small. */
export const LINE_MAC_BYTES = 16;

export const ledgerKey = (secret: Buffer): LedgerKey => ({
  id: createHash('sha256').update('ledger key ').update(secret).digest('hex').slice(0, 16),
  secret,
});

/** Members are parted by their lengths, so that no two lines are written the same. */
const written = (members: (string | number)[]): string =>
  members.map((member) => `${String(member).length}:${member}`).join('');

export function lineMac({ secret }: LedgerKey, line: LedgerLine): Buffer {
  const { run_id, seq, tenant_id, at, kind, attempt, data } = line;
  return createHmac('sha256', secret)
    .update(written(['line', run_id, seq, tenant_id, at, kind, attempt, data]))
    .digest()
    .subarray(0, LINE_MAC_BYTES);
}

export function blockMac({ secret }: LedgerKey, block: Omit<LedgerBlock, 'mac'>): Buffer {
  const { position, sealed_at, kind, run_ids, seqs, line_macs, dropped_before, key_id, previous_mac } = block;
  return createHmac('sha256', secret)
    .update(written(['block', position, sealed_at.getTime(), kind, key_id, dropped_before ?? '']))
    .update(written([run_ids.join(), seqs.join()]))
    .update(line_macs)
    .update(previous_mac)
    .digest();
}

export const sameMac = (one: Buffer, other: Buffer): boolean =>
  one.length === other.length && timingSafeEqual(one, other);
