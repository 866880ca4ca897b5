create table process_runs_default partition of process_runs default;
create table process_run_events_default partition of process_run_events default;
create table process_run_inputs_default partition of process_run_inputs default;
create table process_run_outputs_default partition of process_run_outputs default;

-- The smallest UUIDv7 of an instant (RFC 9562 section 5.7).
create function uuid_v7_floor(p_at timestamptz) returns uuid language sql stable strict as $$
  select (substr(h, 1, 8) || '-' || substr(h, 9, 4) || '-7000-8000-000000000000')::uuid
    from (select lpad(to_hex((extract(epoch from p_at) * 1000)::bigint), 12, '0') as h) hex
$$;

-- Makes the partitions of this month and the next ones, and moves into them what the default partition had to catch.
-- Answers what it made. Runs as the owner: no other role may touch a partition.
create function ensure_partitions(p_months_ahead int, p_now timestamptz default clock_timestamp())
returns table (partition_name text, moved_rows bigint)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_table text;
  v_key text;
  v_month timestamp;
  v_from uuid;
  v_to uuid;
begin
  perform pg_advisory_xact_lock(7203);
  for v_table, v_key in values ('process_runs', 'id'), ('process_run_events', 'run_id'),
                               ('process_run_inputs', 'run_id'), ('process_run_outputs', 'run_id') loop
    for v_ahead in 0..p_months_ahead loop
      v_month := date_trunc('month', p_now at time zone 'UTC') + make_interval(months => v_ahead);
      partition_name := v_table || to_char(v_month, '"_y"YYYY"m"MM');
      continue when to_regclass(partition_name) is not null;
      v_from := uuid_v7_floor(v_month at time zone 'UTC');
      v_to := uuid_v7_floor((v_month + interval '1 month') at time zone 'UTC');
      -- Rows of a queue die young: vacuum by the hundredth, not by the fifth of a month.
      execute format('create table %I (like %I including all) with (fillfactor = 85,
                      autovacuum_vacuum_scale_factor = 0.01, autovacuum_analyze_scale_factor = 0.01)',
                     partition_name, v_table);
      execute format('with moved as (delete from %I where %I >= $1 and %2$I < $2 returning *)
                      insert into %I select * from moved', v_table || '_default', v_key, partition_name)
        using v_from, v_to;
      get diagnostics moved_rows = row_count;
      execute format('alter table %I attach partition %I for values from (%L) to (%L)',
                     v_table, partition_name, v_from, v_to);
      return next;
    end loop;
  end loop;
end $$;

-- Drops the partitions of whole months that ended before an instant. Answers what it dropped.
create function drop_partitions(p_before timestamptz) returns setof text
language plpgsql security definer set search_path = public, pg_temp set lock_timeout = '5s' as $$
declare v_name text;
begin
  perform pg_advisory_xact_lock(7203);
  for v_name in
    select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
     where i.inhparent in ('process_runs'::regclass, 'process_run_events'::regclass,
                           'process_run_inputs'::regclass, 'process_run_outputs'::regclass)
       and c.relname ~ '_y\d{4}m\d{2}$'
       and (to_date(right(c.relname, 7), 'YYYY"m"MM') + interval '1 month') at time zone 'UTC' <= p_before
     order by 1
  loop
    execute format('drop table %I', v_name);
    return next v_name;
  end loop;
end $$;

-- More than zero is an alarm: a month had no partition when its first run came.
create function rows_in_default_partition() returns bigint
language sql security definer set search_path = public, pg_temp as $$
  select count(*) from process_runs_default
$$;
