-- Where deliveries are queued: a queue of the job library, in the schema that the configuration names. Each server enters
-- it here at its start.
create table callback_queue (
  the_only boolean primary key default true check (the_only),
  schema_name text not null,
  queue_name text not null
);
grant select, insert, update on callback_queue to honua_system;

-- Whatever moves a run that has a subscriber (a worker, a sweep, its owner), queues the delivery in its own transaction. A
-- delivery of progress is tried once: newer progress is on its way. A subscriber is no reason to fail a run: what cannot be
-- queued is a warning in the database's log. It runs as the owner, to whom the library's tables belong.
create function tell_subscriber() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  v_queue callback_queue;
  v_progress boolean := new.state = 'running';
  v_uri text := new.response_spec -> 'subscriber' ->>
    case new.state when 'succeeded' then 'successUri' when 'running' then 'inProgressUri' else 'failedUri' end;
begin
  if v_uri is null then return null; end if;
  select * into v_queue from callback_queue;
  if not found then return null; end if;
  begin
    execute format(
      'insert into %1$I.job (name, data, group_id, retry_limit, retry_delay, retry_backoff, retry_delay_max, expire_seconds,
                             deletion_seconds, keep_until, policy, dead_letter)
       select q.name, $1, $2, case when $3 then 0 else q.retry_limit end, q.retry_delay, q.retry_backoff,
              q.retry_delay_max, q.expire_seconds, q.deletion_seconds,
              clock_timestamp() + q.retention_seconds * interval ''1 s'', q.policy,
              case when $3 then null else q.dead_letter end
         from %1$I.queue q where q.name = $4', v_queue.schema_name)
    using jsonb_build_object('runId', new.id, 'tenant', new.tenant_id, 'seq', new.event_seq, 'state', new.state, 'uri', v_uri),
          new.tenant_id, v_progress, v_queue.queue_name;
  exception
    when others then
      raise warning 'The subscriber of run % cannot be told that it is %: %', new.id, new.state, sqlerrm;
  end;
  return null;
end $$;
revoke execute on function tell_subscriber() from public;

create trigger tell_subscriber_of_start after insert on process_runs for each row
  when (new.state = 'running' and new.response_spec ? 'subscriber')
  execute function tell_subscriber();
create trigger tell_subscriber_of_move after update of state, progress on process_runs for each row
  when (new.response_spec ? 'subscriber' and new.state <> 'queued'
        and (new.state, new.progress) is distinct from (old.state, old.progress))
  execute function tell_subscriber();
