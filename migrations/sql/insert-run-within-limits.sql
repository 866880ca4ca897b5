-- Records an admitted run with its first ledger lines, its inline input and its idempotency key, all or nothing.
-- p_run holds the columns of process_runs; its state says how it starts:
--   queued    waits in its lane, which is woken by the same transaction, unless it waits for approval;
--   running   is claimed at once by p_run.worker, if the tenant has a slot free.
-- Answers `inserted`; `replayed` with the earlier run of the same key and body; `mismatch` where the key came with
-- another body; `no-slot`, and `over-budget` where what is spent and reserved leaves too little: then nothing is written.
drop function insert_run(jsonb, bytea, text, text, uuid, uuid, int, interval);
create function insert_run(p_run jsonb, p_bytes bytea, p_key text, p_body_hash text, p_floor uuid, p_ceil uuid,
                           p_limits jsonb, p_lease interval)
returns table (outcome text, run jsonb)
language plpgsql volatile set plan_cache_mode = force_custom_plan as $$
declare
  v_run process_runs;
  v_known idempotency_keys;
  v_limits jsonb;
  v_day float8;
  v_month float8;
  v_spent record;
  v_fits boolean;
begin
  if current_setting('transaction_isolation') <> 'read committed' then
    raise 'insert_run needs READ COMMITTED';
  end if;
  v_run := jsonb_populate_record(null::process_runs, p_run);
  v_limits := limits_of(v_run.tenant_id, p_limits);
  v_day := v_limits ->> 'maxCostUnitsPerDay';
  v_month := v_limits ->> 'maxCostUnitsPerMonth';

  if v_run.state = 'running' and p_key is null then
    -- The caller gets no answer before the finish is flushed, and that flushes this too.
    perform set_config('synchronous_commit', 'off', true);
  end if;
  if v_run.state = 'running' or v_day is not null or v_month is not null then
    perform pg_advisory_xact_lock(7201, hashtext(v_run.tenant_id));
  end if;

  loop
    if p_key is not null then
      select * into v_known from idempotency_keys k where k.tenant_id = v_run.tenant_id and k.key = p_key;
      if found then
        return query
          select case when v_known.body_hash = p_body_hash then 'replayed' else 'mismatch' end,
                 (select to_jsonb(r) from process_runs r where r.id = v_known.run_id);
        return;
      end if;
    end if;
    if v_run.state = 'running' then -- counted in a statement of its own, under the lock
      select has_slot(v_limits, v_run.resource_class, v_run.tier = 'postgis', count(*),
                      count(*) filter (where r.resource_class = v_run.resource_class),
                      count(*) filter (where r.tier = 'postgis')) into v_fits
        from process_runs r
       where r.tenant_id = v_run.tenant_id and r.state = 'running'
         and r.id >= p_floor and r.id < p_ceil and r.lease_until > clock_timestamp();
      if not v_fits then
        return query select 'no-slot'::text, null::jsonb;
        return;
      end if;
    end if;
    if v_day is not null or v_month is not null then
      select * into v_spent from spending(v_run.tenant_id, p_floor, p_ceil);
      if v_spent.day_units + v_spent.reserved_units + v_run.estimated_cost_units > coalesce(v_day, 'infinity')
        or v_spent.month_units + v_spent.reserved_units + v_run.estimated_cost_units > coalesce(v_month, 'infinity') then
        return query select 'over-budget'::text, null::jsonb;
        return;
      end if;
    end if;
    exit when p_key is null;
    insert into idempotency_keys (tenant_id, key, body_hash, run_id)
    values (v_run.tenant_id, p_key, p_body_hash, v_run.id) on conflict do nothing;
    exit when found; -- else another request with the key was first, and has committed: look again
  end loop;

  if v_run.state = 'running' then
    v_run.started_at := greatest(clock_timestamp(), v_run.submitted_at);
    v_run.lease_until := clock_timestamp() + p_lease;
  elsif v_run.approval is distinct from 'pending' then
    perform mark_lane(v_run.lane, v_run.tenant_id, v_run.resource_class, v_run.id);
  end if;
  v_run.updated_at := clock_timestamp();
  v_run.event_seq := case v_run.state when 'queued' then 1 else 2 end;
  insert into process_runs select v_run.*;
  if p_bytes is not null then
    insert into process_run_inputs (run_id, tenant_id, bytes) values (v_run.id, v_run.tenant_id, p_bytes);
  end if;
  insert into process_run_events (run_id, seq, tenant_id, kind, attempt, data)
  values (v_run.id, 1, v_run.tenant_id, 'accepted', 0,
          jsonb_strip_nulls(jsonb_build_object(
            'process', v_run.process_id, 'version', v_run.process_version, 'mode', v_run.mode, 'user', v_run.user_id,
            'surface', v_run.surface, 'definition', v_run.definition_hash, 'resourceClass', v_run.resource_class,
            'input', v_run.input, 'estimatedCostUnits', v_run.estimated_cost_units, 'trace', v_run.trace_id,
            'policy', v_run.policy_version, 'approval', v_run.approval, 'tiers', v_run.decision -> 'tiers',
            'rejectedTiers', nullif(v_run.decision -> 'rejectedTiers', '[]'))));
  if v_run.state = 'running' then
    insert into process_run_events (run_id, seq, tenant_id, kind, attempt, data)
    values (v_run.id, 2, v_run.tenant_id, 'started', v_run.attempt,
            jsonb_build_object('tier', v_run.tier, 'worker', v_run.worker));
  elsif v_run.approval is distinct from 'pending' then
    perform pg_notify('honua_lane', v_run.lane);
  end if;
  return query select 'inserted'::text, to_jsonb(v_run);
end $$;
