-- Gives a running run up, by its attempt: back to its lane, or to an end where that is due. `p_lost` counts the attempt
-- against p_max_lost. Answers the run as it is now, or nothing where the attempt had lost it.
create or replace function give_up_attempt(p_id uuid, p_attempt int, p_lost boolean, p_max_lost int, p_reason text)
returns setof process_runs language plpgsql as $$
declare
  v_run process_runs;
  v_kind text;
  v_data jsonb := jsonb_build_object('reason', p_reason);
begin
  select * into v_run from process_runs r
   where r.id = p_id and r.attempt = p_attempt and r.state = 'running' for update;
  if not found then return; end if;
  v_run.lost_attempts := v_run.lost_attempts + p_lost::int;
  v_run.state := case
    when v_run.cancel_requested_at is not null then 'cancelled'
    when v_run.deadline_at <= clock_timestamp() or (p_lost and v_run.lost_attempts >= p_max_lost) then 'failed'
    else 'queued' end;
  v_kind := case v_run.state when 'queued' then 'requeued' else v_run.state end;
  if v_run.state = 'queued' then
    perform mark_lane(v_run.lane, v_run.tenant_id, v_run.resource_class, v_run.id);
    perform pg_notify('honua_lane', v_run.lane);
  elsif v_run.state = 'failed' then
    v_run.failure := case when v_run.deadline_at <= clock_timestamp()
      then jsonb_build_object('reason', 'timeout', 'message', 'Job exceeded timeout limit')
      else jsonb_build_object('reason', 'tier-lost', 'message', format('It was lost %s times while it ran.', v_run.lost_attempts))
      end;
    v_data := v_data || v_run.failure;
  end if;
  return query update process_runs r
     set state = v_run.state, lost_attempts = v_run.lost_attempts, failure = v_run.failure, lease_until = null,
         worker = null, tier_handle = null, queue_until = null, updated_at = clock_timestamp(), event_seq = r.event_seq + 1,
         completed_at = case when v_run.state = 'queued' then null else clock_timestamp() end
   where r.id = p_id and r.attempt = p_attempt and r.state = 'running'
   returning r.*;
  insert into process_run_events (run_id, seq, tenant_id, kind, attempt, data)
  values (p_id, v_run.event_seq + 1, v_run.tenant_id, v_kind, p_attempt, v_data);
end $$;

-- The net under everything, run every few seconds by one process at a time: gives up attempts whose lease has ended, ends
-- queued runs past their deadline or their longest wait, mends missing lane hints, and wakes every lane with something waiting, since a slot
-- that a crash freed by time alone woke nobody. Answers the runs it moved.
create or replace function sweep_runs(p_floor uuid, p_ceil uuid, p_max_lost int) returns setof process_runs
language plpgsql volatile set plan_cache_mode = force_custom_plan as $$
declare v_id uuid; v_attempt int;
begin
  if not pg_try_advisory_xact_lock(7202) then return; end if;
  for v_id, v_attempt in
    select r.id, r.attempt from process_runs r
     where r.state = 'running' and r.id >= p_floor and r.id < p_ceil and r.lease_until <= clock_timestamp()
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

-- Lets a run that waits for approval go to its lane (p_approve), or ends it. Answers the run as it is now, or nothing where
-- none waits under this id.
create function decide_run(p_id uuid, p_approve boolean, p_who text, p_reason text)
returns setof process_runs language plpgsql as $$
declare v_run process_runs;
begin
  select * into v_run from process_runs r
   where r.id = p_id and r.state = 'queued' and r.approval = 'pending' for update;
  if not found then return; end if;
  if p_approve then
    perform mark_lane(v_run.lane, v_run.tenant_id, v_run.resource_class, v_run.id);
    perform pg_notify('honua_lane', v_run.lane);
  else
    v_run.failure := jsonb_build_object('reason', 'approval-rejected', 'message', 'It was not approved: ' || p_reason);
  end if;
  return query update process_runs r
     set approval = case when p_approve then 'approved' else 'rejected' end,
         state = case when p_approve then 'queued' else 'failed' end, failure = v_run.failure,
         completed_at = case when p_approve then null else clock_timestamp() end,
         updated_at = clock_timestamp(), event_seq = r.event_seq + 1
   where r.id = p_id
   returning r.*;
  insert into process_run_events (run_id, seq, tenant_id, kind, attempt, data)
  values (p_id, v_run.event_seq + 1, v_run.tenant_id, case when p_approve then 'approved' else 'failed' end, v_run.attempt,
          jsonb_strip_nulls(jsonb_build_object('by', p_who, 'reason', p_reason)
                            || coalesce(v_run.failure, '{}')));
end $$;
