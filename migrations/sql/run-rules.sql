-- What a run was admitted under, and what it used.
alter table process_runs
  add column approval text collate "C" check (approval in ('pending', 'approved', 'rejected')),
  add column queue_until timestamptz,
  add column artifacts_until timestamptz,
  add column cpu_ms float8,
  add column wall_ms float8,
  add column bytes bigint;

-- The head of a tenant's queue in each resource class, of what may be claimed.
drop index process_runs_queued;
create index process_runs_queued on process_runs (lane, tenant_id, resource_class, priority, id)
  where state = 'queued' and approval is distinct from 'pending';
-- What waits, held or not: the length of the queue, and what is reserved.
create index process_runs_waiting on process_runs (tenant_id) include (estimated_cost_units) where state = 'queued';

-- Hints by class: a class that is full must not hide that another is not.
drop function mark_lane(text, text, uuid);
truncate lane_tenants;
alter table lane_tenants add column resource_class text collate "C" not null;
alter table lane_tenants drop constraint lane_tenants_pkey;
alter table lane_tenants add primary key (lane, tenant_id, resource_class);

-- Every write that makes a run claimable calls this first, in the same transaction. KEY SHARE lets all submitters of a
-- tenant in at once and keeps the claim from dropping the hint before they commit.
create function mark_lane(p_lane text, p_tenant text, p_class text, p_id uuid) returns void language plpgsql as $$
begin
  loop
    perform 1 from lane_tenants where lane = p_lane and tenant_id = p_tenant and resource_class = p_class for key share;
    if found then return; end if;
    insert into lane_tenants (lane, tenant_id, resource_class, head_id) values (p_lane, p_tenant, p_class, p_id)
      on conflict do nothing;
    if found then return; end if;
  end loop;
end $$;

insert into lane_tenants (lane, tenant_id, resource_class, head_id)
select distinct on (r.lane, r.tenant_id, r.resource_class) r.lane, r.tenant_id, r.resource_class, r.id
  from process_runs r where r.state = 'queued' order by r.lane, r.tenant_id, r.resource_class, r.id;
