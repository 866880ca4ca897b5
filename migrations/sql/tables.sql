-- The run row is the truth about a run, and the queue. Partitioned by month on the id itself, a UUIDv7: a look-up by id
-- touches one partition. State names and ids are compared by bytes: collations cost, and change under an index.
create table process_runs (
  id uuid primary key,
  tenant_id text collate "C" not null check (tenant_id <> ''),
  user_id text not null,
  process_id text collate "C" not null,
  process_version text not null,
  definition_hash text not null,
  resource_class text not null,
  lane text collate "C" not null,
  mode text not null check (mode in ('sync', 'async')),
  surface text not null,
  state text collate "C" not null check (state in ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
  priority smallint not null default 0,
  attempt int not null default 0,
  lost_attempts int not null default 0,
  worker text,
  lease_until timestamptz,
  cancel_requested_at timestamptz,
  dismissed_at timestamptz,
  submitted_at timestamptz not null,
  started_at timestamptz,
  completed_at timestamptz,
  updated_at timestamptz not null,
  deadline_at timestamptz not null,
  tier text,
  tier_handle text,
  decision jsonb not null,
  response_spec jsonb not null,
  input jsonb not null,
  outputs jsonb,
  result_artifact_uri text,
  estimated_cost_units float8 not null,
  cost_units float8,
  progress smallint not null default 0 check (progress between 0 and 100),
  message text,
  failure jsonb,
  trace_id text,
  span_id text,
  policy_version text,
  parent_run_id uuid,
  child_index int,
  event_seq int not null,
  check ((state = 'running') = (lease_until is not null)),
  check ((state in ('succeeded', 'failed', 'cancelled')) = (completed_at is not null))
) partition by range (id);

-- The head of a tenant's queue. `priority` stands between tenant and id so that the primary key cannot serve the same
-- order: with it, the planner walked through all finished rows.
create index process_runs_queued on process_runs (lane, tenant_id, priority, id) where state = 'queued';
-- The slots in use. lease_until is left out: each renewal would write the index.
create index process_runs_running on process_runs (tenant_id) where state = 'running';
-- Lists, newest first, by keyset.
create index process_runs_tenant on process_runs (tenant_id, id);
create index process_runs_process on process_runs (tenant_id, process_id, id);

-- The append-only ledger; nobody but the owner may change a line of it.
create table process_run_events (
  run_id uuid not null,
  seq int not null,
  tenant_id text collate "C" not null,
  at timestamptz not null default clock_timestamp(),
  kind text not null,
  attempt int not null,
  data jsonb not null default '{}',
  primary key (run_id, seq)
) partition by range (run_id);

create table process_run_inputs (
  run_id uuid primary key,
  tenant_id text collate "C" not null,
  bytes bytea not null
) partition by range (run_id);

create table process_run_outputs (
  run_id uuid not null,
  output_id text not null,
  tenant_id text collate "C" not null,
  bytes bytea not null,
  primary key (run_id, output_id)
) partition by range (run_id);

-- What a process was when a run of it was admitted.
create table process_definitions (
  hash text primary key,
  definition jsonb not null
);

-- Not partitioned: no unique index over partitions can leave the partition key out.
create table idempotency_keys (
  tenant_id text collate "C" not null,
  key text collate "C" not null,
  body_hash text not null,
  run_id uuid not null,
  created_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, key)
);
create index idempotency_keys_age on idempotency_keys (created_at);

-- A tenant without a row, or without a limit of its own, has the configured one.
create table tenants (
  id text collate "C" primary key,
  max_running int check (max_running >= 0)
);
insert into tenants (id) values ('default');

-- Which tenants may have something queued in a lane: a hint for ranking, not a counter. Every write that queues a run
-- calls mark_lane first; fillfactor leaves room to move head_id in place.
create table lane_tenants (
  lane text collate "C" not null,
  tenant_id text collate "C" not null,
  head_id uuid not null,
  primary key (lane, tenant_id)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
create index lane_tenants_tenant on lane_tenants (tenant_id);
