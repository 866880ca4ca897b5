-- The second wall between tenants: a statement that forgets its WHERE still sees one tenant. An unset or reset setting is
-- NULL or '', and no tenant has that name. honua_system passes by policy, not by BYPASSRLS.
do $$
declare v_table text;
begin
  foreach v_table in array array['process_runs', 'process_run_events', 'process_run_inputs', 'process_run_outputs',
                                 'idempotency_keys'] loop
    execute format('alter table %I enable row level security', v_table);
    execute format('alter table %I force row level security', v_table);
    execute format('create policy of_the_tenant on %I to honua_app
                      using (tenant_id = current_setting(''honua.tenant'', true))
                      with check (tenant_id = current_setting(''honua.tenant'', true))', v_table);
    execute format('create policy of_the_service on %I to honua_system using (true) with check (true)', v_table);
  end loop;
end $$;
