set local check_function_bodies = off;

-- Lines sewn together where exactly two meet: one feature for each run, without attributes.
create function honua_gp.line_merge(p_request jsonb) returns setof honua_gp.feature
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  v_directed boolean := coalesce((p_request ->> 'directed')::boolean, false);
begin
  return query
    select null::text, '{}'::text, honua_gp.geojson(part.geom)
      from (select st_linemerge(st_collect(line.geom), v_directed) as geom
              from pg_temp.input_features f cross join lateral st_dump(f.geom) line) merged
     cross join lateral st_dump(merged.geom) part;
end $$;

revoke execute on function honua_gp.line_merge(jsonb) from public;
grant execute on function honua_gp.line_merge(jsonb) to honua_tier2;
