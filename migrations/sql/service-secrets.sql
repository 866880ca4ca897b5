create table service_secrets (
  name text collate "C" primary key,
  value bytea not null
);
-- Never to honua_app, in whose connections tenants' requests run.
grant select, insert on service_secrets to honua_system;
