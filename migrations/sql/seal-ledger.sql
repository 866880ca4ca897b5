-- Which transaction wrote a line: with it the lines that have become visible since a snapshot are found without marking
-- any, however long another transaction stays open. It is no part of what is sealed.
alter table process_run_events add column xid xid8 not null default pg_current_xact_id();
create index process_run_events_xid on process_run_events (xid);

-- The seal: blocks of authenticated lines, each over the one before it. The key is not in the database. A block is of one
-- kind: `lines`; `dropped`, whose lines of months before `dropped_before` may be missing from then on; `erased`, whose
-- `run_ids` may. Nobody may change or delete one, so that a month's partition can go and the chain still holds.
create table ledger_blocks (
  position bigint primary key check (position > 0),
  sealed_at timestamptz not null,
  kind text not null check (kind in ('lines', 'dropped', 'erased')),
  run_ids uuid[] not null default '{}',
  seqs int[] not null default '{}',
  line_macs bytea not null default '',
  dropped_before uuid,
  -- What was visible when the last of these lines were taken; null where more of the same look follow.
  snapshot pg_snapshot,
  key_id text not null,
  previous_mac bytea not null,
  mac bytea not null
);
create index ledger_blocks_snapshot on ledger_blocks (position desc) where snapshot is not null;
grant select, insert on ledger_blocks to honua_system;

-- A database restored from a dump counts its transactions from elsewhere: what is sealed is marked as older than any of
-- them, and what is not as written now.
create function rebase_ledger() returns void
language plpgsql set search_path = public, pg_temp as $$
begin
  update process_run_events e set xid = '3'
    from (select unnest(b.run_ids) as run_id, unnest(b.seqs) as seq from ledger_blocks b where b.kind = 'lines') sealed
   where e.run_id = sealed.run_id and e.seq = sealed.seq;
  update process_run_events e set xid = pg_current_xact_id()
   where e.xid >= pg_snapshot_xmax(pg_current_snapshot());
end $$;
revoke execute on function rebase_ledger() from public;
grant execute on function rebase_ledger() to honua_system;
grant update (xid) on process_run_events to honua_system;

-- What drop_partitions would drop: the ledger is told before it does.
create function droppable_partitions(p_before timestamptz) returns setof text
language sql stable set search_path = public, pg_temp as $$
  select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
   where i.inhparent = 'process_run_events'::regclass
     and c.relname ~ '_y\d{4}m\d{2}$'
     and (to_date(right(c.relname, 7), 'YYYY"m"MM') + interval '1 month') at time zone 'UTC' <= p_before
$$;
revoke execute on function droppable_partitions(timestamptz) from public;
grant execute on function droppable_partitions(timestamptz) to honua_system;
