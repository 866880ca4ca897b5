/** What answers the moved row, and with it the lanes where its tenant has something waiting for a slot. */
export const WITH_WAITING_LANES = `
  select m.*, (select array_agg(distinct l.lane) from lane_tenants l where l.tenant_id = m.tenant_id) as waiting_lanes
    from moved m`;

/**
 * One statement that moves a run and writes its ledger line, or does neither. `update` is what follows `set`, with its
 * guard; it must add 1 to `event_seq`. `kind` and `data` are SQL over the moved row `m`, `answer` the final select.
 */
export const guarded = (
  update: string,
  kind: string,
  data: string,
  answer = 'select m.* from moved m',
): string => `
  with moved as (update process_runs r set ${update} returning r.*),
  told as (
    insert into process_run_events (run_id, seq, tenant_id, kind, attempt, data)
    select m.id, m.event_seq, m.tenant_id, ${kind}, m.attempt, ${data} from moved m)
  ${answer}`;
