alter table tenants
  add column title text,
  add column enabled boolean not null default true,
  add column created_at timestamptz not null default clock_timestamp();
