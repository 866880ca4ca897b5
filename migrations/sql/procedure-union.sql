set local check_function_bodies = off;

-- One feature that covers what any feature covers; of no features, none.
create function honua_gp.union(p_request jsonb) returns setof honua_gp.feature
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  return query
    select null::text, '{}'::text, honua_gp.geojson(st_union(geom)) from pg_temp.input_features having count(*) > 0;
end $$;

revoke execute on function honua_gp.union(jsonb) from public;
grant execute on function honua_gp.union(jsonb) to honua_tier2;
