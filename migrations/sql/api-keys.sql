-- `mac` is HMAC-SHA256 of the whole key, under a secret that is in another table. Nobody can make the key of it.
create table api_keys (
  id uuid primary key,
  tenant_id text collate "C" not null references tenants (id) on delete cascade,
  user_id text not null,
  prefix text collate "C" not null unique,
  mac bytea not null,
  scopes text[] not null check (cardinality(scopes) > 0),
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz
);
create index api_keys_tenant on api_keys (tenant_id, id);

-- The service alone reads them: whoever comes with a key is of no tenant yet. The policy of the tenants stands there for
-- the day on which somebody grants them something.
alter table api_keys enable row level security;
alter table api_keys force row level security;
create policy of_the_tenant on api_keys to honua_app
  using (tenant_id = current_setting('honua.tenant', true))
  with check (tenant_id = current_setting('honua.tenant', true));
create policy of_the_service on api_keys to honua_system using (true) with check (true);
grant select, insert on api_keys to honua_system;
grant update (last_used_at, expires_at, revoked_at) on api_keys to honua_system;

create function tell_of_identity() returns trigger language plpgsql as $$
begin
  perform pg_notify('honua_identity', '');
  return null;
end $$;
create trigger tell_of_key after update of expires_at, revoked_at or delete on api_keys
  for each statement execute function tell_of_identity();
create trigger tell_of_tenant after update of enabled or delete on tenants
  for each statement execute function tell_of_identity();
