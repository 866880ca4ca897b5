-- Every write that makes a run queued calls this first, in the same transaction. KEY SHARE lets all submitters of a
-- tenant in at once and keeps the claim from dropping the hint before they commit.
create function mark_lane(p_lane text, p_tenant text, p_id uuid) returns void language plpgsql as $$
begin
  loop
    perform 1 from lane_tenants where lane = p_lane and tenant_id = p_tenant for key share;
    if found then return; end if;
    insert into lane_tenants values (p_lane, p_tenant, p_id) on conflict do nothing;
    if found then return; end if;
  end loop;
end $$;
