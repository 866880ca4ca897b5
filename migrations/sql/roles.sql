-- Roles belong to the cluster, not to the database: another database of ours, or an administrator, may have made them.
-- None can log in; the login user wears one of them on each connection.
do $$
declare
  v_role text;
  -- From PostgreSQL 16 on, who makes a role is its member without being allowed to take it on.
  v_may_wear text := case when current_setting('server_version_num')::int >= 160000 then 'set' else 'member' end;
begin
  foreach v_role in array array['honua_app', 'honua_system', 'honua_tier2'] loop
    if not exists (select from pg_roles where rolname = v_role) then
      begin
        execute format('create role %I nologin', v_role);
      exception
        when duplicate_object or unique_violation then null; -- made by another at the same moment
      end;
    end if;
    if not pg_has_role(current_user, v_role, v_may_wear) then
      execute format('grant %I to current_user', v_role);
    end if;
  end loop;
exception
  when insufficient_privilege then
    raise insufficient_privilege using message = format(
      'The database user %s may not make roles: let an administrator run ALTER ROLE %s CREATEROLE, or '
      'CREATE ROLE honua_app NOLOGIN; CREATE ROLE honua_system NOLOGIN; CREATE ROLE honua_tier2 NOLOGIN; '
      'GRANT honua_app, honua_system, honua_tier2 TO %s;',
      quote_ident(current_user), quote_ident(current_user), quote_ident(current_user));
end $$;
