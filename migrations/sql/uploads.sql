-- The row is there before the first byte is, without a size: what a crash leaves of an upload expires like any other.
create table uploads (
  id uuid primary key,
  tenant_id text collate "C" not null,
  user_id text not null,
  media_type text not null,
  file_name text,
  size bigint,
  sha256 text,
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  check ((size is null) = (sha256 is null))
);
create index uploads_tenant on uploads (tenant_id, id);
create index uploads_expiry on uploads (expires_at);

alter table uploads enable row level security;
alter table uploads force row level security;
create policy of_the_tenant on uploads to honua_app
  using (tenant_id = current_setting('honua.tenant', true))
  with check (tenant_id = current_setting('honua.tenant', true));
create policy of_the_service on uploads to honua_system using (true) with check (true);
grant select, insert, update, delete on uploads to honua_app;
grant select, delete on uploads to honua_system;
