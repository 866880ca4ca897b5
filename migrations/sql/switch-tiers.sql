-- Tiers that an operator has taken out of service: nothing new goes there until they are put back.
create table drained_tiers (
  tier text collate "C" primary key,
  reason text not null,
  drained_by text not null,
  drained_at timestamptz not null default clock_timestamp()
);
grant select, insert, update, delete on drained_tiers to honua_system;
