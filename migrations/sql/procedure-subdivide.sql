set local check_function_bodies = off;

-- Each feature in pieces with no more vertices than asked: a part with more is halved across the longer side of its box
-- until it has few enough (subdivide.ts). What lies on the border of two halves is in the first alone.
create function honua_gp.subdivide(p_request jsonb) returns setof honua_gp.feature
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  v_most int := coalesce(honua_gp.number(p_request, 'maxVertices'), 256);
begin
  return query
    with recursive pieces as (
      select f.n, d.path as place, 0 as halvings, d.geom
        from pg_temp.input_features f cross join lateral st_dump(f.geom) d
       where not st_isempty(d.geom)
       union all
      select p.n, p.place || h.half || d.path, p.halvings + 1, d.geom
        from pieces p
       cross join lateral (
         select st_xmin(p.geom) as west, st_ymin(p.geom) as south, st_xmax(p.geom) as east, st_ymax(p.geom) as north) b
       cross join lateral (
         select case when b.east - b.west > b.north - b.south
                     then st_makeenvelope(b.west, b.south, (b.west + b.east) / 2, b.north, st_srid(p.geom))
                     else st_makeenvelope(b.west, b.south, b.east, (b.south + b.north) / 2, st_srid(p.geom)) end as box) m
       cross join lateral (values (0, st_intersection(p.geom, m.box)), (1, st_difference(p.geom, m.box))) h (half, geom)
       cross join lateral st_dump(h.geom) d
       where st_npoints(p.geom) > v_most and p.halvings < 50
         and not st_isempty(d.geom) and st_dimension(d.geom) = st_dimension(p.geom))
    select null::text,
           honua_gp.merged(f.properties, '{"source_feature":' || coalesce(f.id, f.n::text) || ',"piece":'
             || row_number() over (partition by f.n order by p.place) - 1 || '}'),
           honua_gp.geojson(p.geom)
      from pieces p join pg_temp.input_features f on f.n = p.n
     where st_npoints(p.geom) <= v_most or p.halvings = 50
     order by p.n, p.place;
end $$;

revoke execute on function honua_gp.subdivide(jsonb) from public;
grant execute on function honua_gp.subdivide(jsonb) to honua_tier2;
