grant delete on tenants, api_keys, service_secrets to honua_system;

-- The rows of ended runs, from every partition that has one: nobody but the owner may take a line of the ledger away, and
-- only lines whose tenant is shut out. Their seals stay, and a block that names the runs says that they were erased.
create function erase_runs(p_tenant text, p_ids uuid[]) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  v_partition regclass;
  v_key text;
begin
  if exists (select from tenants t where t.id = p_tenant and t.enabled) then
    raise exception 'Tenant % is not shut out', p_tenant;
  end if;
  for v_partition, v_key in
    select i.inhrelid::regclass, case c.relname when 'process_runs' then 'id' else 'run_id' end
      from pg_inherits i join pg_class c on c.oid = i.inhparent
     where c.oid in ('process_runs'::regclass, 'process_run_events'::regclass,
                     'process_run_inputs'::regclass, 'process_run_outputs'::regclass)
     order by c.relname = 'process_runs'
  loop
    execute format('delete from %s where %I = any ($1) and tenant_id = $2', v_partition, v_key) using p_ids, p_tenant;
  end loop;
end $$;
revoke execute on function erase_runs(text, uuid[]) from public;
grant execute on function erase_runs(text, uuid[]) to honua_system;
