-- The two reads that every client repeats, each one statement: the tenant is set and read under in one round trip
-- instead of four. They run as the caller, so row security holds as in any transaction of the tenant.
create function read_run(p_tenant text, p_id uuid) returns setof process_runs
language plpgsql volatile set plan_cache_mode = force_custom_plan as $$
begin
  perform set_config('honua.tenant', p_tenant, true);
  return query select * from process_runs r where r.id = p_id;
end $$;

create function read_outputs(p_tenant text, p_id uuid) returns table (id text, bytes bytea)
language plpgsql volatile set plan_cache_mode = force_custom_plan as $$
begin
  perform set_config('honua.tenant', p_tenant, true);
  return query select o.output_id, o.bytes from process_run_outputs o where o.run_id = p_id;
end $$;
