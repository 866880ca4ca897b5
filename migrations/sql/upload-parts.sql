-- An upload may come in parts: its row is there from the registration on, and gets its size when the parts are put together.
alter table uploads add column description text;

create table upload_parts (
  upload_id uuid not null references uploads (id) on delete cascade,
  part integer not null check (part > 0),
  tenant_id text collate "C" not null,
  size bigint not null,
  primary key (upload_id, part)
);
create index upload_parts_tenant on upload_parts (tenant_id);

alter table upload_parts enable row level security;
alter table upload_parts force row level security;
create policy of_the_tenant on upload_parts to honua_app
  using (tenant_id = current_setting('honua.tenant', true))
  with check (tenant_id = current_setting('honua.tenant', true));
create policy of_the_service on upload_parts to honua_system using (true) with check (true);
grant select, insert, update, delete on upload_parts to honua_app;
grant select, delete on upload_parts to honua_system;
