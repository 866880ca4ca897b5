set local check_function_bodies = off;

-- Puts the different places of the points of the input `features` into the temporary table sites, in the order of the
-- input, with the first feature that has a point there, and tells how many points are on one already. Leaves what has no
-- triangles to the next tier (sites.ts). Runs as the owner, so that the role of tier 2 needs no right to make tables.
create function honua_gp.stage_sites() returns bigint
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  v_points bigint;
  v_count bigint;
  v_start record;
  v_far record;
begin
  create temp table sites (place bigint, feature bigint, x float8, y float8, geom geometry) on commit drop;
  grant select on pg_temp.sites to honua_tier2;
  -- The sum with 0 makes one zero of two.
  insert into pg_temp.sites
    select row_number() over (order by p.feature, p.path), p.feature, p.x, p.y, st_setsrid(st_makepoint(p.x, p.y), p.srid)
      from (select distinct on (c.x, c.y) c.*
              from (select f.n as feature, d.path, st_x(d.geom) + 0 as x, st_y(d.geom) + 0 as y, st_srid(d.geom) as srid
                      from pg_temp.input_features f cross join lateral st_dumppoints(f.geom) d) c
             order by c.x, c.y, c.feature, c.path) p;
  get diagnostics v_count = row_count;
  select sum(st_npoints(f.geom)) into v_points from pg_temp.input_features f;
  if v_points > v_count then
    raise warning '% points lie where another one does and were left out', v_points - v_count;
  end if;

  select s.x, s.y into v_start from pg_temp.sites s where s.place = 1;
  select s.x - v_start.x as x, s.y - v_start.y as y into v_far from pg_temp.sites s
   order by power(s.x - v_start.x, 2) + power(s.y - v_start.y, 2) desc, s.place limit 1;
  if not exists (select from pg_temp.sites s
                  where abs((s.x - v_start.x) * v_far.y - (s.y - v_start.y) * v_far.x)
                        > 1e-12 * (v_far.x * v_far.x + v_far.y * v_far.y)) then
    raise exception using errcode = 'HG001',
      message = 'Points that are fewer than three, or all in a line, are left to another tier.';
  end if;
  create index on pg_temp.sites using gist (geom);
  analyze pg_temp.sites;
  return v_count;
end $$;

-- For each different place of points the area that is nearer to it than to any other, in a frame a tenth larger than all,
-- or cut to the areas of the input `extent`.
create function honua_gp.voronoi(p_request jsonb) returns setof honua_gp.feature
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  v_sites bigint := honua_gp.stage_sites();
  v_whole geometry;
  v_frame geometry;
  v_cells geometry[];
begin
  if to_regclass('pg_temp.input_extent') is not null then
    select st_union(e.geom) into v_whole from pg_temp.input_extent e where not st_isempty(e.geom);
  end if;
  select case when v_whole is not null then st_envelope(st_collect(v_whole, st_envelope(b.sites)))
              else st_expand(st_envelope(b.sites), greatest(st_xmax(b.sites) - st_xmin(b.sites),
                                                            st_ymax(b.sites) - st_ymin(b.sites)) * 0.1) end,
         array(select c.geom from st_dump(st_voronoipolygons(b.sites, 0, coalesce(v_whole, b.sites))) c)
    into v_frame, v_cells
    from (select st_collect(s.geom) as sites from pg_temp.sites s) b;
  if cardinality(v_cells) <> v_sites then
    raise exception using errcode = 'HG001', message = 'PostGIS found no cell for some of these points.';
  end if;
  return query
    with cells as (
      select distinct on (c.n) s.place, s.feature, c.geom
        from unnest(v_cells) with ordinality c (geom, n) join pg_temp.sites s on st_intersects(c.geom, s.geom)
       order by c.n, s.place),
    framed as (
      select c.place, c.feature, case when st_covers(v_frame, c.geom) then c.geom else st_intersection(c.geom, v_frame) end as geom
        from cells c),
    cut as (
      select c.place, c.feature,
             honua_gp.geojson(case when v_whole is null or st_covers(v_whole, c.geom) then c.geom
               else st_collectionextract(st_intersection(c.geom, v_whole), 3) end) as geometry
        from framed c where v_whole is null or st_intersects(v_whole, c.geom))
    select f.id, f.properties, c.geometry
      from cut c join pg_temp.input_features f on f.n = c.feature
     where c.geometry is not null
     order by c.place;
end $$;

-- Triangles between points, such that no point lies in the circle through the corners of any. GEOS leaves out those at the
-- border that are flat by the measure of a frame around all points: three points far off make that frame wide.
create function honua_gp.delaunay(p_request jsonb) returns setof honua_gp.feature
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  v_sites geometry;
  v_box geometry;
  v_far float8;
  v_triangles geometry[];
  v_hull float8;
begin
  perform honua_gp.stage_sites();
  select st_collect(s.geom) into v_sites from pg_temp.sites s;
  v_box := st_envelope(v_sites);
  v_hull := st_area(st_convexhull(v_sites));
  v_far := 1e6 * greatest(st_xmax(v_box) - st_xmin(v_box), st_ymax(v_box) - st_ymin(v_box));
  select array_agg(st_forcepolygonccw(t.geom)) into v_triangles
    from (select st_collect(st_setsrid(st_makepoint(st_xmin(v_box) + o.x * v_far, st_ymin(v_box) + o.y * v_far),
                                       st_srid(v_box))) as points
            from (values (-1, -0.7), (1.1, -0.6), (0.1, 1.2)) o (x, y)) outer_ones
   cross join lateral st_dump(st_delaunaytriangles(st_collect(v_sites, outer_ones.points))) t
   where st_covers(v_box, t.geom);
  if abs(v_hull - (select sum(st_area(t.geom)) from unnest(v_triangles) t (geom))) > 1e-12 * v_hull then
    raise exception using errcode = 'HG001', message = 'PostGIS found no triangles for some of these points.';
  end if;
  return query
    with corners as (
      select t.n, p.path[2] as at, s.place, s.geom, coalesce(f.id, f.n::text) as name,
             first_value(p.path[2]) over (partition by t.n order by s.place) as first
        from unnest(v_triangles) with ordinality t (geom, n)
       cross join lateral st_dumppoints(t.geom) p
        join pg_temp.sites s on s.x = st_x(p.geom) and s.y = st_y(p.geom)
        join pg_temp.input_features f on f.n = s.feature
       where p.path[2] <= 3),
    triangles as (
      select array_agg(c.place order by (c.at - c.first + 3) % 3) as places,
             array_agg(c.name order by (c.at - c.first + 3) % 3) as names,
             array_agg(c.geom order by (c.at - c.first + 3) % 3) as ring
        from corners c group by c.n)
    select null::text, format('{"point_a":%s,"point_b":%s,"point_c":%s}', t.names[1], t.names[2], t.names[3]),
           honua_gp.geojson(st_makepolygon(st_makeline(t.ring || t.ring[1])))
      from triangles t
     order by t.places;
end $$;

revoke execute on function honua_gp.stage_sites(), honua_gp.voronoi(jsonb), honua_gp.delaunay(jsonb) from public;
grant execute on function honua_gp.stage_sites(), honua_gp.voronoi(jsonb), honua_gp.delaunay(jsonb) to honua_tier2;
