set local check_function_bodies = off;

-- Hexagons with the density of the points around their middles, in the plane, by the quartic kernel.
create function honua_gp.heatmap(p_request jsonb) returns setof honua_gp.feature
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  v_most float8 := coalesce(honua_gp.number(p_request, '$maxOutputFeatures'), 100000);
  v_radius float8 := honua_gp.number(p_request, 'radius');
  v_size float8 := coalesce(honua_gp.number(p_request, 'cellSize'), v_radius / 4);
  v_extent float8[] := honua_gp.extent(p_request);
  v_attribute text := p_request ->> 'weightField';
  v_empty boolean := coalesce((p_request ->> 'emptyCells')::boolean, false);
  v_weights float8[];
  v_srid int;
begin
  if (p_request ->> '$geographic')::boolean then
    raise exception using errcode = 'HG001',
      message = 'Distances on the ground are measured on the globe, and PostGIS measures densities in one plane only.';
  end if;
  if exists (select from pg_temp.input_features f where st_numgeometries(f.geom) > 1) then
    raise exception using errcode = 'HG001', message = 'The density of features of several points is left to another tier.';
  end if;
  perform honua_gp.check_attribute('weightField', v_attribute);
  if v_extent is null then
    return;
  end if;
  if p_request -> 'extent' is null then
    v_extent := array[v_extent[1] - v_radius, v_extent[2] - v_radius, v_extent[3] + v_radius, v_extent[4] + v_radius];
  end if;
  select array_agg(case when v_attribute is null then 1 else honua_gp.attribute_number(f.properties, v_attribute) end
                   order by f.n), max(st_srid(f.geom))
    into v_weights, v_srid from pg_temp.input_features f;
  return query
    with cells as (
      select c.i, c.j, 1.5 * v_size * c.i as x, v_size * sqrt(3::float8) * (c.j + honua_gp.raised(c.i)) as y
        from honua_gp.cells_over(v_extent, v_size, true, v_most) c),
    measured as (
      select c.i, c.j, coalesce((
               select sum(v_weights[f.n + 1] * k.left_over * k.left_over) * 3 / (pi() * (v_radius * v_radius))
                 from pg_temp.input_features f
                cross join lateral (
                  select greatest(0, 1 - ((c.x - st_x(f.geom)) * (c.x - st_x(f.geom))
                                        + (c.y - st_y(f.geom)) * (c.y - st_y(f.geom))) / (v_radius * v_radius))
                           as left_over
                    from (select st_geometryn(f.geom, 1) as geom) f) k
                where st_dwithin(f.geom, st_setsrid(st_makepoint(c.x, c.y), v_srid), v_radius * (1 + 1e-9))), 0) as density
        from cells c)
    select null::text, json_build_object('i', m.i, 'j', m.j, 'density', m.density)::text,
           honua_gp.cell_geojson(v_size, m.i, m.j, true)
      from measured m
     where v_empty or m.density <> 0
     order by m.i, m.j;
end $$;

revoke execute on function honua_gp.heatmap(jsonb) from public;
grant execute on function honua_gp.heatmap(jsonb) to honua_tier2;
