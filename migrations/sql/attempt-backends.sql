-- Backends that work for an attempt are known by their application name, honua:<run>:<attempt>. All of them are the
-- login user's, and so may be signalled by its functions alone, of which these two are for the service itself.

-- Cancels what an attempt's backends are doing. Answers how many there are.
create function honua_gp.cancel_attempt(p_application text) returns bigint
language sql security definer set search_path = pg_catalog, pg_temp as $$
  select count(pg_cancel_backend(pid)) from pg_stat_activity
   where application_name = p_application and application_name like 'honua:%:%'
     and datname = current_database() and usename = session_user
$$;

-- Ends a backend that still works for an attempt.
create function honua_gp.end_backend(p_pid int, p_application text) returns boolean
language sql security definer set search_path = pg_catalog, pg_temp as $$
  select coalesce(bool_or(pg_terminate_backend(pid)), false) from pg_stat_activity
   where pid = p_pid and application_name = p_application and application_name like 'honua:%:%'
     and datname = current_database() and usename = session_user
$$;

revoke execute on function honua_gp.cancel_attempt(text), honua_gp.end_backend(int, text) from public;
grant execute on function honua_gp.cancel_attempt(text), honua_gp.end_backend(int, text) to honua_system;
