set local check_function_bodies = off;

-- Areas with fewer vertices whose common borders stay common.
create function honua_gp.coverage_simplify(p_request jsonb) returns setof honua_gp.feature
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  v_tolerance float8 := honua_gp.number(p_request, 'tolerance');
  v_outline boolean := coalesce((p_request ->> 'simplifyOutline')::boolean, true);
begin
  if not honua_gp.has_versions('{3,4,0}', '{3,12,0}') then
    raise exception using errcode = 'HG001', message = 'Coverages need PostGIS 3.4 with GEOS 3.12.';
  end if;
  if exists (select from (select st_coverageinvalidedges(f.geom) over () as edges
                            from pg_temp.input_features f where not st_isempty(f.geom)) e
              where e.edges is not null) then
    raise warning 'The areas overlap, or their common borders have other vertices on either side: there they may come apart.';
  end if;
  return query
    with simplified as (
      select f.n, st_coveragesimplify(f.geom, v_tolerance, v_outline) over () as geom
        from pg_temp.input_features f where not st_isempty(f.geom))
    select f.id, f.properties, honua_gp.geojson(s.geom)
      from pg_temp.input_features f left join simplified s on s.n = f.n
     order by f.n;
end $$;

revoke execute on function honua_gp.coverage_simplify(jsonb) from public;
grant execute on function honua_gp.coverage_simplify(jsonb) to honua_tier2;
