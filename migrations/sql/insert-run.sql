-- Records an admitted run with its first ledger lines, its inline input and its idempotency key, all or nothing.
-- p_run holds the columns of process_runs; its state says how it starts:
--   queued    waits in its lane, which is woken by the same transaction;
--   running   is claimed at once by p_run.worker, if the tenant has a slot free.
-- Answers `inserted`; `replayed` with the earlier run of the same key and body; `mismatch` where the key came with
-- another body; `no-slot`, and nothing is written.
create function insert_run(p_run jsonb, p_bytes bytea, p_key text, p_body_hash text, p_floor uuid, p_ceil uuid,
                           p_max_running int, p_lease interval)
returns table (outcome text, run jsonb)
language plpgsql volatile set plan_cache_mode = force_custom_plan as $$
declare
  v_run process_runs;
  v_known idempotency_keys;
  v_max int;
  v_used int;
begin
  if current_setting('transaction_isolation') <> 'read committed' then
    raise 'insert_run needs READ COMMITTED';
  end if;
  v_run := jsonb_populate_record(null::process_runs, p_run);

  if v_run.state = 'running' then
    if p_key is null then
      -- The caller gets no answer before the finish is flushed, and that flushes this too.
      perform set_config('synchronous_commit', 'off', true);
    end if;
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
      select coalesce((select t.max_running from tenants t where t.id = v_run.tenant_id), p_max_running) into v_max;
      select count(*) into v_used from process_runs r
       where r.tenant_id = v_run.tenant_id and r.state = 'running'
         and r.id >= p_floor and r.id < p_ceil and r.lease_until > clock_timestamp();
      if v_used >= v_max then
        return query select 'no-slot'::text, null::jsonb;
        return;
      end if;
    end if;
    exit when p_key is null;
    insert into idempotency_keys (tenant_id, key, body_hash, run_id)
    values (v_run.tenant_id, p_key, p_body_hash, v_run.id) on conflict do nothing;
    exit when found; -- else another request with the key was first, and has committed: look again
  end loop;

  if v_run.state = 'queued' then
    perform mark_lane(v_run.lane, v_run.tenant_id, v_run.id);
  else
    v_run.started_at := greatest(clock_timestamp(), v_run.submitted_at);
    v_run.lease_until := clock_timestamp() + p_lease;
  end if;
  v_run.updated_at := clock_timestamp();
  v_run.event_seq := case v_run.state when 'queued' then 1 else 2 end;
  insert into process_runs select v_run.*;
  if p_bytes is not null then
    insert into process_run_inputs (run_id, tenant_id, bytes) values (v_run.id, v_run.tenant_id, p_bytes);
  end if;
  insert into process_run_events (run_id, seq, tenant_id, kind, attempt, data)
  values (v_run.id, 1, v_run.tenant_id, 'accepted', 0,
          jsonb_build_object('process', v_run.process_id, 'version', v_run.process_version, 'mode', v_run.mode,
                             'user', v_run.user_id));
  if v_run.state = 'running' then
    insert into process_run_events (run_id, seq, tenant_id, kind, attempt, data)
    values (v_run.id, 2, v_run.tenant_id, 'started', v_run.attempt,
            jsonb_build_object('tier', v_run.tier, 'worker', v_run.worker));
  else
    perform pg_notify('honua_lane', v_run.lane);
  end if;
  return query select 'inserted'::text, to_jsonb(v_run);
end $$;
