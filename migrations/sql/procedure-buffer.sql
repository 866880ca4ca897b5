set local check_function_bodies = off;

-- Everything within a distance of each feature, in the plane and in units of the system of the features. On longitude
-- and latitude distances are metres on the ground, which PostGIS draws in one plane and so not well everywhere.
create function honua_gp.buffer(p_request jsonb) returns setof honua_gp.feature
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  v_distance float8 := honua_gp.number(p_request, 'distance');
  v_segments int := coalesce(honua_gp.number(p_request, 'segments'), 16);
begin
  if (p_request ->> '$geographic')::boolean then
    raise exception using errcode = 'HG001',
      message = 'Distances on the ground are buffered on the globe, which PostGIS does in one plane only.';
  end if;
  return query
    select f.id, f.properties, honua_gp.geojson(st_buffer(f.geom, v_distance, 'quad_segs=' || v_segments))
      from pg_temp.input_features f
     order by f.n;
end $$;

revoke execute on function honua_gp.buffer(jsonb) from public;
grant execute on function honua_gp.buffer(jsonb) to honua_tier2;
