-- No grant names a partition: a partition read directly would pass by the policies of its parent.
grant usage on schema public to honua_app, honua_system;

grant select on process_runs, process_run_events, process_run_inputs, process_run_outputs, process_definitions
  to honua_app;
grant update (state, cancel_requested_at, completed_at, updated_at, dismissed_at, message, event_seq, outputs)
  on process_runs to honua_app;
grant insert on process_run_events to honua_app;
grant delete on process_run_outputs, process_run_inputs to honua_app;

grant select, insert, update on process_runs to honua_system;
grant select, insert on process_run_events, process_run_inputs, process_run_outputs, process_definitions
  to honua_system;
grant delete on process_run_outputs, process_run_inputs to honua_system;
grant select, insert, delete on idempotency_keys to honua_system;
grant select, insert, update on tenants to honua_system;
-- UPDATE also for the row locks of the claim
grant select, insert, update, delete on lane_tenants to honua_system;

revoke execute on all functions in schema public from public;
grant execute on all functions in schema public to honua_app, honua_system;
