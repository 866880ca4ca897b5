-- Takes the next run of a lane: of the tenant with the fewest running, then of the oldest head, never beyond a tenant's
-- limits: runs at once, runs at once of a resource class, runs at once on postgis. p_limits are the configured ones. One row
-- is answered: `claimed` with the run and its inline input, `none`, or `busy` (others hold the tenants that looked free: again).
--
-- A tenant's slots are its running rows with a live lease, counted under its advisory lock in a statement of its own:
-- lock and count in one statement would count by a snapshot older than the lock. Both id bounds are parameters, so one
-- partition is planned; no unfinished run may be older than p_floor.
drop function claim_run(text, text, uuid, uuid, int, interval);
create function claim_run(p_lane text, p_worker text, p_floor uuid, p_ceil uuid, p_limits jsonb, p_lease interval)
returns table (outcome text, run jsonb, input bytea)
language plpgsql volatile set plan_cache_mode = force_custom_plan as $$
declare
  v_tenant text;
  v_limits jsonb;
  v_running text[];
  v_on_postgis bigint;
  v_classes text[];
  v_class text;
  v_run process_runs;
  v_id uuid;
  v_next uuid;
  v_busy boolean := false;
  v_holding boolean := false;
  v_seen int := 0;
begin
  if current_setting('transaction_isolation') <> 'read committed' then
    raise 'claim_run needs READ COMMITTED';
  end if;
  for v_pass in 1..2 loop
    for v_tenant in -- the ranking may be stale: everything is looked at again below
      with running as materialized (
        select r.tenant_id, r.resource_class, r.tier from process_runs r
         where r.state = 'running' and r.id >= p_floor and r.id < p_ceil and r.lease_until > clock_timestamp()),
      used as (
        select r.tenant_id, count(*) as n, count(*) filter (where r.tier = 'postgis') as on_postgis from running r group by 1),
      used_by_class as (
        select r.tenant_id, r.resource_class, count(*) as n from running r group by 1, 2)
      select l.tenant_id
        from lane_tenants l
        left join tenant_limits t on t.tenant_id = l.tenant_id
        left join used u on u.tenant_id = l.tenant_id
        left join used_by_class c on c.tenant_id = l.tenant_id and c.resource_class = l.resource_class
       where l.lane = p_lane
         and has_slot(case when t.limits is null then p_limits else p_limits || t.limits end, l.resource_class,
                      p_lane = 'postgis', coalesce(u.n, 0), coalesce(c.n, 0), coalesce(u.on_postgis, 0))
       group by l.tenant_id, u.n
       order by coalesce(u.n, 0), min(l.head_id::text)
       limit 32
    loop
      if v_pass = 1 then
        v_seen := v_seen + 1;
        if not pg_try_advisory_xact_lock(7201, hashtext(v_tenant)) then
          v_busy := true;
          continue;
        end if;
      else -- waits, but only while it holds no other tenant: no deadlock
        perform pg_advisory_xact_lock(7201, hashtext(v_tenant));
      end if;
      v_holding := true;
      select coalesce(array_agg(r.resource_class), '{}'), count(*) filter (where r.tier = 'postgis')
        into v_running, v_on_postgis
        from process_runs r
       where r.tenant_id = v_tenant and r.state = 'running'
         and r.id >= p_floor and r.id < p_ceil and r.lease_until > clock_timestamp();
      v_limits := limits_of(v_tenant, p_limits);
      select array_agg(l.resource_class) into v_classes
        from lane_tenants l
       where l.lane = p_lane and l.tenant_id = v_tenant
         and has_slot(v_limits, l.resource_class, p_lane = 'postgis', cardinality(v_running),
                      (select count(*) from unnest(v_running) as one where one = l.resource_class), v_on_postgis);
      if v_classes is not null then
        select head.id into v_id
          from unnest(v_classes) as class,
               lateral (select r.id, r.priority from process_runs r
                         where r.lane = p_lane and r.tenant_id = v_tenant and r.resource_class = class
                           and r.state = 'queued' and r.approval is distinct from 'pending'
                           and r.id >= p_floor and r.id < p_ceil
                           and (r.queue_until is null or r.queue_until > clock_timestamp())
                           and r.deadline_at > clock_timestamp()
                         order by r.priority, r.id limit 1 for update skip locked) as head
         order by head.priority, head.id limit 1;
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
          v_classes := array[v_run.resource_class];
        end if;
        foreach v_class in array v_classes loop
          select r.id into v_next from process_runs r
           where r.lane = p_lane and r.tenant_id = v_tenant and r.resource_class = v_class
             and r.state = 'queued' and r.approval is distinct from 'pending' and r.id >= p_floor and r.id < p_ceil
           order by r.priority, r.id limit 1;
          if v_next is not null then
            update lane_tenants set head_id = v_next
             where lane = p_lane and tenant_id = v_tenant and resource_class = v_class;
          else -- the hint goes only if no submitter holds it, and after one more look
            perform 1 from lane_tenants
             where lane = p_lane and tenant_id = v_tenant and resource_class = v_class for update skip locked;
            if found and not exists (
              select 1 from process_runs r
               where r.lane = p_lane and r.tenant_id = v_tenant and r.resource_class = v_class
                 and r.state = 'queued' and r.approval is distinct from 'pending' and r.id >= p_floor and r.id < p_ceil) then
              delete from lane_tenants where lane = p_lane and tenant_id = v_tenant and resource_class = v_class;
            end if;
          end if;
        end loop;
        if v_id is not null then return; end if;
      end if;
      exit when v_pass = 2;
    end loop;
    exit when v_holding or not v_busy;
  end loop;
  return query select case when v_busy or v_seen = 32 then 'busy' else 'none' end, null::jsonb, null::bytea;
end $$;

-- Moves an attempt on to the next tier. Answers `moved`; `lost` where it had lost its run; `full` where the tenant may run
-- no more on postgis. Counted like a claim, since it takes what a claim takes.
create function fall_back(p_id uuid, p_attempt int, p_tier text, p_from text, p_reason text,
                          p_floor uuid, p_ceil uuid, p_limits jsonb)
returns text language plpgsql volatile set plan_cache_mode = force_custom_plan as $$
declare
  v_tenant text;
  v_seq int;
  v_used bigint;
begin
  select r.tenant_id into v_tenant from process_runs r where r.id = p_id;
  if p_tier = 'postgis' then
    perform pg_advisory_xact_lock(7201, hashtext(v_tenant));
    select count(*) into v_used from process_runs r
     where r.tenant_id = v_tenant and r.state = 'running' and r.tier = 'postgis' and r.id <> p_id
       and r.id >= p_floor and r.id < p_ceil and r.lease_until > clock_timestamp();
    if v_used >= (limits_of(v_tenant, p_limits) ->> 'maxConcurrentPostgis')::int then return 'full'; end if;
  end if;
  update process_runs r set tier = p_tier, updated_at = clock_timestamp(), event_seq = r.event_seq + 1
   where r.id = p_id and r.attempt = p_attempt and r.state = 'running'
   returning r.event_seq into v_seq;
  if not found then return 'lost'; end if;
  insert into process_run_events (run_id, seq, tenant_id, kind, attempt, data)
  values (p_id, v_seq, v_tenant, 'fell-back', p_attempt,
          jsonb_build_object('tier', p_tier, 'from', p_from, 'reason', p_reason));
  return 'moved';
end $$;
