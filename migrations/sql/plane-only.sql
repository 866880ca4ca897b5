set local check_function_bodies = off;

-- Leaves a request in longitude and latitude to the next tier, which measures on the globe where PostGIS, as the message
-- says, works in one plane.
create function honua_gp.require_plane(p_request jsonb, p_message text) returns void
language plpgsql immutable as $$
begin
  if (p_request ->> '$geographic')::boolean then
    raise exception using errcode = 'HG001', message = p_message;
  end if;
end $$;

revoke execute on function honua_gp.require_plane(jsonb, text) from public;
grant execute on function honua_gp.require_plane(jsonb, text) to honua_tier2;

-- Everything within a distance of each feature, in the plane and in units of the system of the features. On longitude
-- and latitude distances are metres on the ground, which PostGIS draws in one plane and so not well everywhere.
create or replace function honua_gp.buffer(p_request jsonb) returns setof honua_gp.feature
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  v_distance float8 := honua_gp.number(p_request, 'distance');
  v_segments int := coalesce(honua_gp.number(p_request, 'segments'), 16);
begin
  perform honua_gp.require_plane(p_request,
    'Distances on the ground are buffered on the globe, which PostGIS does in one plane only.');
  return query
    select f.id, f.properties, honua_gp.geojson(st_buffer(f.geom, v_distance, 'quad_segs=' || v_segments))
      from pg_temp.input_features f
     order by f.n;
end $$;

-- Density clusters in the plane, by the rules of tier 1: numbered by their first cores, and what is no core is in the
-- cluster of its nearest one, of cores equally near the first. Without minPoints every chain is a cluster.
create or replace function honua_gp.cluster(p_request jsonb) returns setof honua_gp.feature
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  v_distance float8 := honua_gp.number(p_request, 'distance');
  v_enough int := coalesce(honua_gp.number(p_request, 'minPoints'), 1);
begin
  perform honua_gp.require_plane(p_request,
    'Distances on the ground are measured on the globe, and PostGIS finds clusters in one plane only.');
  return query
    with placed as materialized (
      select f.n, f.geom from pg_temp.input_features f where not st_isempty(f.geom)),
    cores as materialized (
      select p.n, p.geom from placed p
       where v_enough = 1 or v_enough <= (
         select count(*) from pg_temp.input_features o where st_dwithin(o.geom, p.geom, v_distance))),
    grouped as (select c.n, st_clusterdbscan(c.geom, v_distance, 1) over (order by c.n
                  rows between unbounded preceding and unbounded following) as mark from cores c),
    firsts as (select g.mark, row_number() over (order by min(g.n)) - 1 as number from grouped g group by g.mark),
    members as materialized (select g.n, f.number from grouped g join firsts f using (mark)),
    -- Looked for among all features, which have the index, of which the cores are some.
    joined as (
      select p.n, near.number from placed p
       cross join lateral (
         select m.number from pg_temp.input_features o join members m on m.n = o.n
          where st_dwithin(o.geom, p.geom, v_distance)
          order by st_distance(o.geom, p.geom), o.n limit 1) near
       where not exists (select from members m where m.n = p.n))
    select f.id, honua_gp.with_member(f.properties, 'cluster', to_json(coalesce(m.number, j.number))),
           honua_gp.geojson(f.geom)
      from pg_temp.input_features f
      left join members m on m.n = f.n
      left join joined j on j.n = f.n
     order by f.n;
end $$;

-- Clusters around means in the plane. The sums are those of tier 1 in the same order (k-means.ts), so that the clusters
-- are the same to the last feature: change both or none. A scan of an array is in its order, and so are its sums.
create or replace function honua_gp.cluster_kmeans(p_request jsonb) returns setof honua_gp.feature
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  v_count int := honua_gp.number(p_request, 'k');
  v_n bigint[];
  v_x float8[];
  v_y float8[];
  v_far record;
  v_spread record;
  v_members int[];
  v_found int;
begin
  perform honua_gp.require_plane(p_request,
    'Distances on the ground are measured on the globe, and PostGIS finds these clusters in one plane only.');
  select array_agg(c.n order by c.n), array_agg(st_x(c.centre) order by c.n), array_agg(st_y(c.centre) order by c.n)
    into v_n, v_x, v_y
    from (select f.n, st_centroid(f.geom) as centre from pg_temp.input_features f where not st_isempty(f.geom)) c;
  if v_n is not null then
    v_far := honua_gp.kmeans_settle(v_x, v_y, honua_gp.kmeans_seeds(v_x, v_y, v_count, 0));
    v_spread := honua_gp.kmeans_settle(v_x, v_y, honua_gp.kmeans_seeds(v_x, v_y, v_count, 8));
    v_members := case when v_spread.sum < v_far.sum then v_spread.members else v_far.members end;
    select count(distinct m.centre) into v_found from unnest(v_members) m (centre);
    if v_found < v_count then
      raise warning 'Only % clusters were found', v_found;
    end if;
  end if;
  return query
    with placed as (select p.n, p.centre from unnest(v_n, v_members) p (n, centre)),
    firsts as (select p.centre, row_number() over (order by min(p.n)) - 1 as number from placed p group by p.centre)
    select f.id, honua_gp.with_member(f.properties, 'cluster_id', to_json(t.number)), honua_gp.geojson(f.geom)
      from pg_temp.input_features f
      left join placed p on p.n = f.n
      left join firsts t on t.centre = p.centre
     order by f.n;
end $$;

-- Squares over an extent with the values that points around them let expect, in the plane.
create or replace function honua_gp.interpolate_idw(p_request jsonb) returns setof honua_gp.feature
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
  perform honua_gp.require_plane(p_request,
    'Distances on the ground are measured on the globe, and PostGIS interpolates in one plane only.');
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

-- Hexagons with the density of the points around their middles, in the plane, by the quartic kernel.
create or replace function honua_gp.heatmap(p_request jsonb) returns setof honua_gp.feature
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
  perform honua_gp.require_plane(p_request,
    'Distances on the ground are measured on the globe, and PostGIS measures densities in one plane only.');
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
