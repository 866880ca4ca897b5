set local check_function_bodies = off;

-- Every vertex on the nearest point of a grid; what was valid stays so, and parts that collapse are left out.
create function honua_gp.snap_to_grid(p_request jsonb) returns setof honua_gp.feature
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  v_size float8 := honua_gp.number(p_request, 'size');
  v_vanished text[];
begin
  perform honua_gp.require_flat();
  select array_agg(coalesce('feature ' || left(f.id, 40), 'feature ' || f.n) order by f.n) into v_vanished
    from pg_temp.input_features f
   where not st_isempty(f.geom) and st_dimension(f.geom) > 0 and st_isempty(st_reduceprecision(f.geom, v_size));
  if v_vanished is not null then
    raise warning '% features are smaller than the grid and have nothing left: %', cardinality(v_vanished),
      honua_gp.told(v_vanished);
  end if;
  return query
    select f.id, f.properties, honua_gp.geojson(st_reduceprecision(f.geom, v_size))
      from pg_temp.input_features f
     order by f.n;
end $$;

revoke execute on function honua_gp.snap_to_grid(jsonb) from public;
grant execute on function honua_gp.snap_to_grid(jsonb) to honua_tier2;
