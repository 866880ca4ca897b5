-- Layers that operators declare while the service runs, beside those of the configuration. `version` is what a change
-- must name.
create table layers (
  id text collate "C" primary key,
  settings jsonb not null,
  version int not null,
  updated_at timestamptz not null default clock_timestamp(),
  updated_by text not null
);
-- Who changed what, when. Versions go on where a layer was deleted.
create table layer_history (
  id bigint generated always as identity primary key,
  layer_id text collate "C" not null,
  version int not null,
  at timestamptz not null default clock_timestamp(),
  who text not null,
  before jsonb,
  after jsonb
);
create index layer_history_layer on layer_history (layer_id, id);

grant select, insert, update, delete on layers to honua_system;
grant select, insert on layer_history to honua_system;
