-- What operators set for one tenant, beside the configuration that holds for all.
alter table tenants drop column max_running;

-- Limits of one tenant: each key stands before the configured one. `version` is what a change must name.
create table tenant_limits (
  tenant_id text collate "C" primary key,
  limits jsonb not null,
  version int not null,
  updated_at timestamptz not null default clock_timestamp(),
  updated_by text not null
);
-- Policies of (tenant, process); process '*' is every process of the tenant.
create table policy_overrides (
  tenant_id text collate "C" not null,
  process_id text collate "C" not null,
  policy jsonb not null,
  version int not null,
  updated_at timestamptz not null default clock_timestamp(),
  updated_by text not null,
  primary key (tenant_id, process_id)
);
-- Who changed what, when. `subject` is `/limits`, or the process id of a policy. Versions go on where a rule was deleted.
create table tenant_rule_history (
  id bigint generated always as identity primary key,
  tenant_id text collate "C" not null,
  subject text collate "C" not null,
  version int not null,
  at timestamptz not null default clock_timestamp(),
  who text not null,
  before jsonb,
  after jsonb
);
create index tenant_rule_history_subject on tenant_rule_history (tenant_id, subject, id);

grant select, insert, update, delete on tenant_limits, policy_overrides to honua_system;
-- Told for ever, but for a tenant that is erased.
grant select, insert, delete on tenant_rule_history to honua_system;

-- A tenant's limits: the configured ones, and its own before them.
create function limits_of(p_tenant text, p_limits jsonb) returns jsonb language sql stable as $$
  select p_limits || coalesce((select t.limits from tenant_limits t where t.tenant_id = p_tenant), '{}')
$$;

-- Whether one more run of a class fits beside those that run. A limit that is null or absent is none.
create function has_slot(p_limits jsonb, p_class text, p_postgis boolean, p_used bigint, p_in_class bigint, p_on_postgis bigint)
returns boolean language sql immutable as $$
  select coalesce(p_used < (p_limits ->> 'maxConcurrentJobs')::int, true)
     and coalesce(p_in_class < (p_limits ->> ('maxConcurrent' || p_class))::int, true)
     and (not p_postgis or coalesce(p_on_postgis < (p_limits ->> 'maxConcurrentPostgis')::int, true))
$$;

-- Requests that may be made at once. Lost in a crash of the database: then every bucket is full again.
create unlogged table rate_buckets (
  tenant_id text collate "C" primary key,
  tokens float8 not null,
  at timestamptz not null
);
grant select, insert, update, delete on rate_buckets to honua_system;

-- Takes up to p_wanted requests out of the tenant's bucket, which all servers share.
create function take_requests(p_tenant text, p_rate float8, p_burst int, p_wanted int)
returns table (granted int, remaining float8)
language plpgsql volatile as $$
declare v_tokens float8;
begin
  perform set_config('synchronous_commit', 'off', true);
  insert into rate_buckets values (p_tenant, p_burst, clock_timestamp()) on conflict do nothing;
  perform 1 from rate_buckets b where b.tenant_id = p_tenant for update;
  select least(p_burst, b.tokens + p_rate * greatest(0, extract(epoch from clock_timestamp() - b.at))) into v_tokens
    from rate_buckets b where b.tenant_id = p_tenant;
  granted := least(p_wanted, floor(v_tokens)::int);
  remaining := v_tokens - granted;
  update rate_buckets b set tokens = remaining, at = clock_timestamp() where b.tenant_id = p_tenant;
  return next;
end $$;
