import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { FailureReason, FetchedReference, RequestOptions, Surface } from '../../execution/index.js';
import type { ResourceClassName } from '../../config/index.js';
import type { TierName } from '../../registry/index.js';
import type { AdmissionDecision } from '../admission/admission-decision.js';

export const RUN_STATES = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const;
export type RunState = (typeof RUN_STATES)[number];

/** Where stored bytes are: in the row's payload table, or in the artifact store under `key`. */
export interface StoredPayload {
  size: number;
  sha256: string;
  mediaType: string;
  key?: string;
}

export interface StoredInput extends StoredPayload {
  /** Values that the request named, as they were fetched: for the record, also when the bytes have been let go. */
  references?: Omit<FetchedReference, 'key'>[];
  /** Where they are in the artifact store, each under its place in the list. */
  referencesFolder?: string;
}

export interface StoredOutput extends StoredPayload {
  id: string;
  features?: number;
}

/** How the results were asked for, and what later messages about the run need. */
export interface ResponseSpec extends RequestOptions {
  /** Public root of the service as the caller reached it; kept where there is a subscriber. */
  base?: string;
}

/**
 * The only truth about a run. Partitioned by month on `id` (UUIDv7). It is written by the guarded transitions of this
 * folder alone: never saved through a repository.
 */
@Entity('process_runs')
export class ProcessRun {
  @PrimaryColumn('uuid') id: string;
  @Column('text', { name: 'tenant_id' }) tenant: string;
  @Column('text', { name: 'user_id' }) user: string;
  @Column('text', { name: 'process_id' }) processId: string;
  @Column('text', { name: 'process_version' }) processVersion: string;
  @Column('text', { name: 'definition_hash' }) definitionHash: string;
  @Column('text', { name: 'resource_class' }) resourceClass: ResourceClassName;
  @Column('text') lane: string;
  @Column('text') mode: 'sync' | 'async';
  @Column('text') surface: Surface;
  @Column('text') state: RunState;
  @Column('smallint') priority: number;
  @Column('int') attempt: number;
  @Column('int', { name: 'lost_attempts' }) lostAttempts: number;
  @Column('text', { nullable: true }) worker: string | null;
  @Column('timestamptz', { name: 'lease_until', nullable: true }) leaseUntil: Date | null;
  @Column('timestamptz', { name: 'cancel_requested_at', nullable: true }) cancelRequestedAt: Date | null;
  @Column('timestamptz', { name: 'dismissed_at', nullable: true }) dismissedAt: Date | null;
  @Column('timestamptz', { name: 'submitted_at' }) submittedAt: Date;
  @Column('timestamptz', { name: 'started_at', nullable: true }) startedAt: Date | null;
  @Column('timestamptz', { name: 'completed_at', nullable: true }) completedAt: Date | null;
  @Column('timestamptz', { name: 'updated_at' }) updatedAt: Date;
  @Column('timestamptz', { name: 'deadline_at' }) deadlineAt: Date;
  @Column('text', { nullable: true }) tier: TierName | null;
  @Column('text', { name: 'tier_handle', nullable: true }) tierHandle: string | null;
  @Column('jsonb') decision: AdmissionDecision;
  @Column('jsonb', { name: 'response_spec' }) responseSpec: ResponseSpec;
  @Column('jsonb') input: StoredInput;
  @Column('jsonb', { nullable: true }) outputs: StoredOutput[] | null;
  @Column('text', { name: 'result_artifact_uri', nullable: true }) resultArtifactUri: string | null;
  @Column('float8', { name: 'estimated_cost_units' }) estimatedCostUnits: number;
  @Column('float8', { name: 'cost_units', nullable: true }) costUnits: number | null;
  @Column('smallint') progress: number;
  @Column('text', { nullable: true }) message: string | null;
  @Column('jsonb', { nullable: true }) failure: { reason: FailureReason; message: string } | null;
  @Column('text', { name: 'trace_id', nullable: true }) traceId: string | null;
  @Column('text', { name: 'span_id', nullable: true }) spanId: string | null;
  @Column('text', { name: 'policy_version', nullable: true }) policyVersion: string | null;
  /** Pending: it waits in the queue until an operator has decided. */
  @Column('text', { nullable: true }) approval: 'pending' | 'approved' | 'rejected' | null;
  /** Not started by then, it ends. */
  @Column('timestamptz', { name: 'queue_until', nullable: true }) queueUntil: Date | null;
  /** Its stored results go then, where its policy has another time than the configuration. */
  @Column('timestamptz', { name: 'artifacts_until', nullable: true }) artifactsUntil: Date | null;
  @Column('float8', { name: 'cpu_ms', nullable: true }) cpuMs: number | null;
  @Column('float8', { name: 'wall_ms', nullable: true }) wallMs: number | null;
  /** Of input and results. */
  @Column('bigint', { nullable: true }) bytes: string | null;
  @Column('uuid', { name: 'parent_run_id', nullable: true }) parentRunId: string | null;
  @Column('int', { name: 'child_index', nullable: true }) childIndex: number | null;
  @Column('text', { name: 'child_label', nullable: true }) childLabel: string | null;
  /** Of an array run: how many children it has. It does no work of its own, and what it costs is on them. */
  @Column('int', { name: 'array_size', nullable: true }) arraySize: number | null;
  /** As soon as more children have failed, the rest is not run. */
  @Column('int', { name: 'max_failures', nullable: true }) maxFailures: number | null;
  @Column('int', { name: 'event_seq' }) eventSeq: number;
}
