create or replace function sweep_runs(p_floor uuid, p_ceil uuid, p_max_lost int) returns setof process_runs
language plpgsql volatile set plan_cache_mode = force_custom_plan as $$
declare v_id uuid; v_attempt int;
begin
  if not pg_try_advisory_xact_lock(7202) then return; end if;
  for v_id, v_attempt in
    select r.id, r.attempt from process_runs r
     where r.state = 'running' and r.id >= p_floor and r.id < p_ceil and r.lease_until <= clock_timestamp()
       and r.tier_handle is null -- what a tier may have is asked after there first
     order by r.id for update skip locked
  loop
    return query select * from give_up_attempt(v_id, v_attempt, true, p_max_lost, 'lease-expired');
  end loop;
  return query
    with ended as (
      update process_runs r
         set state = 'failed', completed_at = clock_timestamp(), updated_at = clock_timestamp(),
             failure = case when r.deadline_at <= clock_timestamp()
               then jsonb_build_object('reason', 'timeout', 'message', 'Job exceeded timeout limit')
               else jsonb_build_object('reason', 'queue-timeout', 'message',
                                       'It waited in the queue longer than it was to, and was not started.') end,
             event_seq = r.event_seq + 1
       where r.state = 'queued' and r.id >= p_floor and r.id < p_ceil
         and (r.deadline_at <= clock_timestamp() or r.queue_until <= clock_timestamp())
       returning r.*),
    told as (
      insert into process_run_events (run_id, seq, tenant_id, kind, attempt, data)
      select e.id, e.event_seq, e.tenant_id, 'failed', e.attempt, e.failure from ended e)
    select * from ended;
  insert into lane_tenants (lane, tenant_id, resource_class, head_id)
  select distinct on (r.lane, r.tenant_id, r.resource_class) r.lane, r.tenant_id, r.resource_class, r.id
    from process_runs r
   where r.state = 'queued' and r.approval is distinct from 'pending' and r.id >= p_floor and r.id < p_ceil
   order by r.lane, r.tenant_id, r.resource_class, r.id
  on conflict do nothing;
  perform pg_notify('honua_lane', l.lane) from (select distinct lane from lane_tenants) l;
end $$;

-- The few runs that a tier has, or had: those have logs.
create index process_runs_tier_handle on process_runs (id) where tier_handle is not null;
