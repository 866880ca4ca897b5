set local check_function_bodies = off;

-- The mean of values weighted by a power of the inverse of distances, of which the squares are given; of those at no
-- distance, if there are any. The nearest has a weight of 1, so that no power is too large or too small for a number.
create function honua_gp.weighted_mean(p_squares float8[], p_values float8[], p_power float8) returns float8
language sql immutable set search_path = pg_catalog, public, pg_temp as $$
  select case when m.least = 0 then avg(s.value) filter (where s.squared = 0)
              else sum(w.weight * s.value) / sum(w.weight) end
    from (select min(d.squared) as least from unnest(p_squares) d (squared)) m
   cross join unnest(p_squares, p_values) s (squared, value)
   cross join lateral (
     select case when m.least = 0 then 0
                 when p_power = 2 then m.least / s.squared
                 when p_power / 2 * ln(m.least / s.squared) < -700 then 0
                 else power(m.least / s.squared, p_power / 2) end as weight) w
   group by m.least
$$;

-- The value at a place, of samples in the order of the features; null values are no samples.
create function honua_gp.idw_at(p_x float8, p_y float8, p_srid int, p_xs float8[], p_ys float8[], p_values float8[],
                                p_power float8, p_neighbours int, p_radius float8) returns float8
language plpgsql stable set search_path = pg_catalog, public, pg_temp as $$
declare
  v_here geometry := st_setsrid(st_makepoint(p_x, p_y), p_srid);
  v_reach float8;
  v_squares float8[];
  v_values float8[];
begin
  if p_neighbours is not null then
    select max(k.apart) into v_reach
      from (select f.geom <-> v_here as apart from pg_temp.input_features f
             where p_values[f.n + 1] is not null order by f.geom <-> v_here limit p_neighbours) k;
  end if;
  v_reach := least(v_reach, p_radius);
  if v_reach is null then
    select array_agg((s.x - p_x) * (s.x - p_x) + (s.y - p_y) * (s.y - p_y)), array_agg(s.value) into v_squares, v_values
      from unnest(p_xs, p_ys, p_values) s (x, y, value) where s.value is not null;
  else
    -- What the index finds is ranked again by squares, as tier 1 does: its distances have rounded roots.
    select array_agg(t.squared), array_agg(t.value) into v_squares, v_values
      from (select d.squared, p_values[f.n + 1] as value
              from pg_temp.input_features f
             cross join lateral (select (p_xs[f.n + 1] - p_x) * (p_xs[f.n + 1] - p_x)
                                      + (p_ys[f.n + 1] - p_y) * (p_ys[f.n + 1] - p_y) as squared) d
             where st_dwithin(f.geom, v_here, v_reach * (1 + 1e-9)) and p_values[f.n + 1] is not null
               and (p_radius is null or d.squared <= p_radius * p_radius)
             order by d.squared, f.n limit p_neighbours) t;
  end if;
  return honua_gp.weighted_mean(v_squares, v_values, p_power);
end $$;

-- Squares over an extent with the values that points around them let expect, in the plane.
create function honua_gp.interpolate_idw(p_request jsonb) returns setof honua_gp.feature
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  v_most float8 := coalesce(honua_gp.number(p_request, '$maxOutputFeatures'), 100000);
  v_power float8 := coalesce(honua_gp.number(p_request, 'power'), 2);
  v_neighbours int := honua_gp.number(p_request, 'neighbours');
  v_radius float8 := honua_gp.number(p_request, 'searchRadius');
  v_size float8 := honua_gp.number(p_request, 'cellSize');
  v_resolution float8 := coalesce(honua_gp.number(p_request, 'gridResolution'), 100);
  v_extent float8[] := honua_gp.extent(p_request);
  v_attribute text := p_request ->> 'valueField';
  v_xs float8[];
  v_ys float8[];
  v_values float8[];
  v_srid int;
  v_columns float8;
  v_rows float8;
begin
  if (p_request ->> '$geographic')::boolean then
    raise exception using errcode = 'HG001',
      message = 'Distances on the ground are measured on the globe, and PostGIS interpolates in one plane only.';
  end if;
  if exists (select from pg_temp.input_features f where st_numgeometries(f.geom) > 1) then
    raise exception using errcode = 'HG001', message = 'Features of several points are interpolated by another tier.';
  end if;
  perform honua_gp.check_attribute('valueField', v_attribute);
  select array_agg(s.x order by s.n), array_agg(s.y order by s.n), array_agg(s.value order by s.n), max(s.srid)
    into v_xs, v_ys, v_values, v_srid
    from (select f.n, st_x(p.point) as x, st_y(p.point) as y, st_srid(f.geom) as srid,
                 case when not st_isempty(f.geom) then honua_gp.attribute_number(f.properties, v_attribute) end as value
            from pg_temp.input_features f cross join lateral (select st_centroid(f.geom) as point) p) s;
  if v_extent is null or num_nonnulls(variadic v_values) = 0 then
    raise exception using errcode = 'HG002', message = '/inputs/features: no point has a number to interpolate';
  end if;
  if v_size is null then
    v_size := greatest(v_extent[3] - v_extent[1], v_extent[4] - v_extent[2]) / v_resolution;
    if v_size = 0 then
      raise exception using errcode = 'HG002',
        message = '/inputs/extent: has no size: give another one, or the size of a cell';
    end if;
  end if;
  v_columns := greatest(1, ceil((v_extent[3] - v_extent[1]) / v_size - 1e-9));
  v_rows := greatest(1, ceil((v_extent[4] - v_extent[2]) / v_size - 1e-9));
  if v_columns * v_rows > v_most then
    raise exception using errcode = 'HG002', message = format(
      '/inputs/%s: the grid would have more than %s cells',
      case when p_request -> 'cellSize' is null then 'gridResolution' else 'cellSize' end, v_most);
  end if;
  return query
    with cells as (
      select c.i, r.j, v_extent[1] + v_size * (c.i + 0.5::float8) as x, v_extent[2] + v_size * (r.j + 0.5::float8) as y
        from generate_series(0, v_columns::int - 1) c (i) cross join generate_series(0, v_rows::int - 1) r (j))
    select null::text,
           json_build_object('i', c.i, 'j', c.j, 'interpolated_value', honua_gp.idw_at(
             c.x, c.y, v_srid, v_xs, v_ys, v_values, v_power, v_neighbours, v_radius))::text,
           honua_gp.geojson(case when p_request ->> 'cellsAs' = 'points' then st_makepoint(c.x, c.y)
             else st_makeenvelope(v_extent[1] + v_size * c.i, v_extent[2] + v_size * c.j,
                                  v_extent[1] + v_size * (c.i + 1), v_extent[2] + v_size * (c.j + 1)) end)
      from cells c
     order by c.i, c.j;
end $$;

revoke execute on function honua_gp.interpolate_idw(jsonb),
  honua_gp.idw_at(float8, float8, int, float8[], float8[], float8[], float8, int, float8),
  honua_gp.weighted_mean(float8[], float8[], float8) from public;
grant execute on function honua_gp.interpolate_idw(jsonb),
  honua_gp.idw_at(float8, float8, int, float8[], float8[], float8[], float8, int, float8),
  honua_gp.weighted_mean(float8[], float8[], float8) to honua_tier2;
