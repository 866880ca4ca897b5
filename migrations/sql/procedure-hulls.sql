set local check_function_bodies = off;

-- Whether PostGIS, and GEOS below it, are at least of these versions.
create function honua_gp.has_versions(p_postgis int[], p_geos int[]) returns boolean
language sql stable set search_path = pg_catalog, public, pg_temp as $$
  select coalesce(regexp_match(postgis_lib_version(), '^(\d+)\.(\d+)\.(\d+)')::int[] >= p_postgis
              and regexp_match(postgis_geos_version(), '^(\d+)\.(\d+)\.(\d+)')::int[] >= p_geos, false)
$$;

-- A shape around all features together, or around each, that follows their vertices. They are given as points: PostGIS
-- outlines polygons otherwise, and never comes to an end with one of no size. From 3.11.0 to 3.12.0 GEOS now and then ends
-- the whole server instead of drawing one, or never comes to an end.
create function honua_gp.concave_hull(p_request jsonb) returns setof honua_gp.feature
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  v_ratio float8 := coalesce(honua_gp.number(p_request, 'ratio'), 0.3);
  v_holes boolean := coalesce((p_request ->> 'allowHoles')::boolean, false);
  v_each boolean := p_request ->> 'scope' is not distinct from 'each';
  v_geographic boolean := coalesce((p_request ->> '$geographic')::boolean, false);
  v_shapes geometry[];
begin
  if not honua_gp.has_versions('{3,3,0}', '{3,12,1}') then
    raise exception using errcode = 'HG001', message = 'Concave hulls need PostGIS 3.3 with GEOS 3.12.1.';
  end if;
  if exists (select from pg_temp.input_features f where st_zmflag(f.geom) > 0) then
    raise exception using errcode = 'HG001', message = 'Outlines have heights from another tier.';
  end if;
  if v_each then
    select array_agg(st_points(f.geom) order by f.n) into v_shapes from pg_temp.input_features f;
  else
    select array[st_points(st_collect(f.geom order by f.n))] into v_shapes
      from pg_temp.input_features f having count(f.geom) > 0;
  end if;
  -- The wider may lie together across the antimeridian, or jump over it.
  if v_geographic and exists (
       select from unnest(v_shapes) s (shape)
        where st_xmax(shape) - st_xmin(shape) >= 180 or st_xmin(shape) < -180 or st_xmax(shape) > 180) then
    raise exception using errcode = 'HG001',
      message = 'What spreads over half the globe is outlined by another tier, which looks across the antimeridian.';
  end if;
  -- Hulls are what is left of triangles, of which some versions of GEOS leave out flat ones at the border.
  if exists (select from unnest(v_shapes) s (shape)
              where st_area(st_convexhull(shape)) * (1 - 1e-12) > st_area(st_delaunaytriangles(shape))) then
    raise exception using errcode = 'HG001', message = 'PostGIS found no triangles for some of these vertices.';
  end if;
  return query
    select f.id, case when v_each then f.properties else '{"feature_count":' || f.count || '}' end,
           honua_gp.geojson(st_concavehull(s.shape, v_ratio, v_holes))
      from unnest(v_shapes) with ordinality s (shape, n)
      join (select f.n, f.id, f.properties, null::bigint as count from pg_temp.input_features f where v_each
             union all
            select 0, null, null, count(f.geom) from pg_temp.input_features f having not v_each) f on f.n = s.n - 1
     order by f.n;
end $$;

-- A circle as GeoJSON, drawn by so many points for each quarter; of no radius, its middle.
create function honua_gp.circle(p_x float8, p_y float8, p_radius float8, p_segments int) returns text
language sql immutable set search_path = pg_catalog, public, pg_temp as $$
  select honua_gp.geojson(case when p_radius = 0 then st_makepoint(p_x, p_y)
                               else st_makepolygon(st_makeline(r.ring || r.ring[1])) end)
    from (select array_agg(st_makepoint(p_x + p_radius * cos(2 * pi() * i / (4 * p_segments)),
                                        p_y + p_radius * sin(2 * pi() * i / (4 * p_segments))) order by i) as ring
            from generate_series(0, 4 * p_segments - 1) i) r
$$;

-- The smallest circle in the plane around all features together, or around each.
create function honua_gp.minimum_bounding_circle(p_request jsonb) returns setof honua_gp.feature
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  v_segments int := coalesce(honua_gp.number(p_request, 'segments'), 16);
  v_unit float8 := honua_gp.number(p_request, '$metersPerUnit');
  v_each boolean := p_request ->> 'scope' is not distinct from 'each';
begin
  perform honua_gp.require_plane(p_request,
    'Circles on longitude and latitude are circles on the ground, and PostGIS finds them in one plane only.');
  if exists (select from pg_temp.input_features f
              where greatest(abs(st_xmin(f.geom)), abs(st_ymin(f.geom)), abs(st_xmax(f.geom)), abs(st_ymax(f.geom)))
                    > 1e150) then
    raise exception using errcode = 'HG001', message = 'Coordinates whose squares are no numbers are left to another tier.';
  end if;
  return query
    with shapes as (
      select f.n, f.id, f.properties, f.geom from pg_temp.input_features f where v_each
       union all
      select 0, null, '{"feature_count":' || count(*) || '}', st_collect(st_force2d(f.geom) order by f.n)
        from pg_temp.input_features f where not v_each and f.geom is not null having not v_each and count(*) > 0),
    circled as (
      select s.*, st_x(c.center) as x, st_y(c.center) as y, c.radius
        from shapes s left join lateral st_minimumboundingradius(s.geom) c on not st_isempty(s.geom))
    select c.id,
           case when c.x is null then c.properties
                else honua_gp.merged(c.properties, json_build_object(
                       'center_x', c.x, 'center_y', c.y, 'radius_m', c.radius * v_unit)::text) end,
           case when c.x is not null then honua_gp.circle(c.x, c.y, c.radius, v_segments) end
      from circled c
     order by c.n;
end $$;

revoke execute on function honua_gp.has_versions(int[], int[]), honua_gp.concave_hull(jsonb),
  honua_gp.circle(float8, float8, float8, int), honua_gp.minimum_bounding_circle(jsonb) from public;
grant execute on function honua_gp.has_versions(int[], int[]), honua_gp.concave_hull(jsonb),
  honua_gp.circle(float8, float8, float8, int), honua_gp.minimum_bounding_circle(jsonb) to honua_tier2;
