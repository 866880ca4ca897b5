-- An array run is one run that has others for its parts. It is never in a lane and holds no slot: its parts do. It is
-- running from its first moment, without a lease, and is settled by what became of them.
alter table process_runs
  add column array_size int check (array_size between 2 and 10000),
  add column max_failures int check (max_failures >= 0),
  add column child_label text;
alter table process_runs drop constraint process_runs_check;
alter table process_runs add constraint process_runs_lease
  check ((state = 'running' and array_size is null) = (lease_until is not null));

create index process_runs_children on process_runs (parent_run_id, child_index) where parent_run_id is not null;
-- Those that have not ended: few.
create index process_runs_arrays on process_runs (id) where array_size is not null and state = 'running';

-- Makes a run that was just written into an array of p_runs, in the transaction that wrote it. p_runs has the columns of
-- process_runs, p_bytes their small inputs in the same order. What it is estimated at is what its parts are: reserved there.
create function insert_children(p_parent uuid, p_runs jsonb, p_bytes bytea[]) returns setof process_runs
language plpgsql volatile set plan_cache_mode = force_custom_plan as $$
declare v_lane record;
begin
  for v_lane in
    select c.lane, c.tenant_id, c.resource_class, min(c.id::text)::uuid as head
      from jsonb_populate_recordset(null::process_runs, p_runs) c
     where c.approval is distinct from 'pending'
     group by 1, 2, 3 order by 1, 2, 3
  loop
    perform mark_lane(v_lane.lane, v_lane.tenant_id, v_lane.resource_class, v_lane.head);
    perform pg_notify('honua_lane', v_lane.lane);
  end loop;
  insert into process_runs select * from jsonb_populate_recordset(null::process_runs, p_runs);
  insert into process_run_inputs (run_id, tenant_id, bytes)
    select c.id, c.tenant_id, b.bytes
      from jsonb_populate_recordset(null::process_runs, p_runs) with ordinality c
      join unnest(p_bytes) with ordinality b (bytes, ordinality) on b.ordinality = c.ordinality
     where b.bytes is not null;
  insert into process_run_events (run_id, seq, tenant_id, kind, attempt, data)
    select c.id, 1, c.tenant_id, 'accepted', 0,
           jsonb_strip_nulls(jsonb_build_object(
             'process', c.process_id, 'version', c.process_version, 'mode', c.mode, 'user', c.user_id,
             'surface', c.surface, 'definition', c.definition_hash, 'resourceClass', c.resource_class,
             'input', c.input, 'estimatedCostUnits', c.estimated_cost_units, 'trace', c.trace_id,
             'policy', c.policy_version, 'approval', c.approval, 'tiers', c.decision -> 'tiers',
             'rejectedTiers', nullif(c.decision -> 'rejectedTiers', '[]'),
             'parent', c.parent_run_id, 'index', c.child_index, 'label', c.child_label))
      from jsonb_populate_recordset(null::process_runs, p_runs) c;
  return query update process_runs r
     set state = 'running', estimated_cost_units = 0, updated_at = clock_timestamp()
   where r.id = p_parent
   returning r.*;
end $$;
revoke execute on function insert_children(uuid, jsonb, bytea[]) from public;
grant execute on function insert_children(uuid, jsonb, bytea[]) to honua_system;
