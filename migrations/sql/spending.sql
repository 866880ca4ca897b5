-- What ended runs were charged, by the UTC day they ended on. It is added up by whatever ends a run, in its transaction, so
-- it is the sum over the rows at any time; shards keep the ends of one tenant's runs from waiting for each other. What is
-- reserved is never added up: it is the estimates of the rows that have not ended.
create table tenant_spending (
  tenant_id text collate "C" not null,
  day date not null,
  shard smallint not null,
  cost_units float8 not null,
  cpu_ms float8 not null,
  primary key (tenant_id, day, shard)
) with (fillfactor = 50);
grant select, insert, update, delete on tenant_spending to honua_system;

create function add_spending() returns trigger language plpgsql as $$
begin
  insert into tenant_spending as s (tenant_id, day, shard, cost_units, cpu_ms)
  values (new.tenant_id, (new.completed_at at time zone 'UTC')::date, floor(random() * 8),
          coalesce(new.cost_units, 0), coalesce(new.cpu_ms, 0))
  on conflict (tenant_id, day, shard)
  do update set cost_units = s.cost_units + excluded.cost_units, cpu_ms = s.cpu_ms + excluded.cpu_ms;
  return null;
end $$;
create trigger add_spending after update of state on process_runs for each row
  when (new.completed_at is not null and old.completed_at is null and (new.cost_units > 0 or new.cpu_ms > 0))
  execute function add_spending();

-- Spent today and this month, and reserved by what has not ended.
create function spending(p_tenant text, p_floor uuid, p_ceil uuid)
returns table (day_units float8, month_units float8, day_cpu_ms float8, reserved_units float8)
language plpgsql volatile set plan_cache_mode = force_custom_plan as $$
declare v_today date := (clock_timestamp() at time zone 'UTC')::date;
begin
  return query
    select coalesce(sum(s.cost_units) filter (where s.day = v_today), 0), coalesce(sum(s.cost_units), 0),
           coalesce(sum(s.cpu_ms) filter (where s.day = v_today), 0),
           (select coalesce(sum(r.estimated_cost_units), 0) from process_runs r
             where r.tenant_id = p_tenant and r.state = 'queued' and r.id >= p_floor and r.id < p_ceil)
         + (select coalesce(sum(r.estimated_cost_units), 0) from process_runs r
             where r.tenant_id = p_tenant and r.state = 'running' and r.id >= p_floor and r.id < p_ceil)
      from tenant_spending s
     where s.tenant_id = p_tenant and s.day >= date_trunc('month', v_today)::date and s.day <= v_today;
end $$;

-- Cost units of what an attempt used: p_cost has the prices of each tier.
create function cost_of(p_cost jsonb, p_tier text, p_cpu_ms float8, p_wall_ms float8, p_bytes bigint)
returns float8 language sql immutable as $$
  select coalesce(p_cpu_ms / 1000 * (p_cost -> p_tier ->> 'cpuSecond')::float8
                + p_wall_ms / 1000 * (p_cost -> p_tier ->> 'wallSecond')::float8
                + p_bytes / 1e9 * (p_cost -> p_tier ->> 'gigabyte')::float8, 0)
$$;

-- What somebody who chooses a tier by experience would learn from: one row for each ended run that was started.
create view tier_observations with (security_invoker = true) as
  select r.id as run_id, r.tenant_id, r.process_id, r.process_version, r.resource_class, r.mode, r.tier,
         r.decision -> 'tiers' as tiers, r.decision -> 'rejectedTiers' as rejected_tiers,
         (r.decision #>> '{measured,bytes}')::bigint as input_bytes,
         (r.decision #>> '{measured,features}')::bigint as input_features,
         (r.decision #>> '{measured,vertices}')::bigint as input_vertices,
         extract(epoch from r.started_at - r.submitted_at) * 1000 as queued_ms,
         extract(epoch from r.completed_at - r.started_at) * 1000 as duration_ms,
         r.wall_ms, r.cpu_ms, r.estimated_cost_units, r.cost_units, r.attempt as attempts,
         r.state as outcome, r.failure ->> 'reason' as failure_reason, r.completed_at
    from process_runs r
   where r.completed_at is not null and r.started_at is not null;
grant select on tier_observations to honua_system;
