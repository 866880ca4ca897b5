-- Takes the next run of a lane: of the tenant with the fewest running, then of the oldest head, never beyond a tenant's
-- limit. One row is answered: `claimed` with the run and its inline input, `none`, or `busy` (others hold the tenants that looked free: again).
--
-- A tenant's slots are its running rows with a live lease, counted under its advisory lock in a statement of its own:
-- lock and count in one statement would count by a snapshot older than the lock. Both id bounds are parameters, so one
-- partition is planned; no unfinished run may be older than p_floor.
create function claim_run(p_lane text, p_worker text, p_floor uuid, p_ceil uuid, p_max_running int, p_lease interval)
returns table (outcome text, run jsonb, input bytea)
language plpgsql volatile set plan_cache_mode = force_custom_plan as $$
declare
  v_tenant record;
  v_run process_runs;
  v_id uuid;
  v_next uuid;
  v_used int;
  v_busy boolean := false;
  v_holding boolean := false;
  v_seen int := 0;
begin
  if current_setting('transaction_isolation') <> 'read committed' then
    raise 'claim_run needs READ COMMITTED';
  end if;
  for v_pass in 1..2 loop
    for v_tenant in -- the ranking may be stale: everything is looked at again below
      with used as (
        select r.tenant_id, count(*) as n from process_runs r
         where r.state = 'running' and r.id >= p_floor and r.id < p_ceil and r.lease_until > clock_timestamp()
         group by 1)
      select l.tenant_id as id, coalesce(t.max_running, p_max_running) as max_running
        from lane_tenants l
        left join tenants t on t.id = l.tenant_id
        left join used u on u.tenant_id = l.tenant_id
       where l.lane = p_lane and coalesce(u.n, 0) < coalesce(t.max_running, p_max_running)
       order by coalesce(u.n, 0), l.head_id
       limit 32
    loop
      if v_pass = 1 then
        v_seen := v_seen + 1;
        if not pg_try_advisory_xact_lock(7201, hashtext(v_tenant.id)) then
          v_busy := true;
          continue;
        end if;
      else -- waits, but only while it holds no other tenant: no deadlock
        perform pg_advisory_xact_lock(7201, hashtext(v_tenant.id));
      end if;
      v_holding := true;
      select count(*) into v_used from process_runs r
       where r.tenant_id = v_tenant.id and r.state = 'running'
         and r.id >= p_floor and r.id < p_ceil and r.lease_until > clock_timestamp();
      if v_used < v_tenant.max_running then
        select r.id into v_id from process_runs r
         where r.lane = p_lane and r.tenant_id = v_tenant.id and r.state = 'queued' and r.id >= p_floor and r.id < p_ceil
         order by r.priority, r.id limit 1 for update skip locked;
        if v_id is not null then
          update process_runs r
             set state = 'running', attempt = r.attempt + 1, worker = p_worker, tier = r.decision -> 'tiers' ->> 0,
                 tier_handle = null, progress = 0, message = null, started_at = clock_timestamp(),
                 updated_at = clock_timestamp(), lease_until = clock_timestamp() + p_lease, event_seq = r.event_seq + 1
           where r.id = v_id and r.state = 'queued'
           returning r.* into v_run;
          insert into process_run_events (run_id, seq, tenant_id, kind, attempt, data)
          values (v_run.id, v_run.event_seq, v_run.tenant_id, 'started', v_run.attempt,
                  jsonb_build_object('tier', v_run.tier, 'worker', p_worker));
          return query select 'claimed'::text, to_jsonb(v_run),
                              (select i.bytes from process_run_inputs i where i.run_id = v_run.id);
        end if;
        select r.id into v_next from process_runs r
         where r.lane = p_lane and r.tenant_id = v_tenant.id and r.state = 'queued' and r.id >= p_floor and r.id < p_ceil
         order by r.priority, r.id limit 1;
        if v_next is not null then
          update lane_tenants set head_id = v_next where lane = p_lane and tenant_id = v_tenant.id;
        else -- the hint goes only if no submitter holds it, and after one more look
          perform 1 from lane_tenants where lane = p_lane and tenant_id = v_tenant.id for update skip locked;
          if found and not exists (
            select 1 from process_runs r
             where r.lane = p_lane and r.tenant_id = v_tenant.id and r.state = 'queued'
               and r.id >= p_floor and r.id < p_ceil) then
            delete from lane_tenants where lane = p_lane and tenant_id = v_tenant.id;
          end if;
        end if;
        if v_id is not null then return; end if;
      end if;
      exit when v_pass = 2;
    end loop;
    exit when v_holding or not v_busy;
  end loop;
  return query select case when v_busy or v_seen = 32 then 'busy' else 'none' end, null::jsonb, null::bytea;
end $$;
