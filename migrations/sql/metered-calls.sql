-- Calls that have no run of their own, counted: what each tenant asked of each operation on each day (UTC). Written by
-- servers every second or so, who add what they counted to what is there.
create table metered_calls (
  tenant_id text collate "C" not null,
  day date not null,
  operation text not null,
  calls bigint not null,
  failures bigint not null,
  -- Time of a compute thread, in milliseconds.
  compute_ms bigint not null,
  primary key (tenant_id, day, operation)
);

alter table metered_calls enable row level security;
alter table metered_calls force row level security;
create policy of_the_tenant on metered_calls to honua_app
  using (tenant_id = current_setting('honua.tenant', true))
  with check (tenant_id = current_setting('honua.tenant', true));
create policy of_the_service on metered_calls to honua_system using (true) with check (true);
grant select on metered_calls to honua_app;
grant select, insert, update, delete on metered_calls to honua_system;
