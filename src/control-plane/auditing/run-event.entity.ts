import { Column, Entity, PrimaryColumn } from 'typeorm';

export const RUN_EVENT_KINDS = [
  'accepted',
  'started',
  'progressed',
  'requeued',
  'approved',
  'fell-back',
  'cancel-requested',
  'succeeded',
  'failed',
  'cancelled',
  'dismissed',
  'callback-failed',
] as const;
export type RunEventKind = (typeof RUN_EVENT_KINDS)[number];

/** One line of the append-only ledger. `seq` counts within the run and is the id of its server-sent event. */
@Entity('process_run_events')
export class RunEvent {
  @PrimaryColumn('uuid', { name: 'run_id' }) runId: string;
  @PrimaryColumn('int') seq: number;
  @Column('text', { name: 'tenant_id' }) tenant: string;
  @Column('timestamptz') at: Date;
  @Column('text') kind: RunEventKind;
  @Column('int') attempt: number;
  /** Facts of the moment: tier, progress, message, reason, outputs. */
  @Column('jsonb') data: Record<string, unknown>;
}
