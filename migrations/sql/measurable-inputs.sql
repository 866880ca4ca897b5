set local check_function_bodies = off;

-- Leaves a request in longitude and latitude to the next tier, which measures on the globe where PostGIS, as the message
-- says, works in one plane.
create or replace function honua_gp.require_plane(p_request jsonb, p_message text) returns void
language plpgsql immutable set search_path = pg_catalog, public, pg_temp as $$
begin
  if (p_request ->> '$geographic')::boolean then
    raise exception using errcode = 'HG001', message = p_message;
  end if;
end $$;

-- Leaves coordinates whose squares are no numbers to the next tier.
create function honua_gp.require_measurable(p_input text) returns void
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  v_found boolean;
begin
  execute format(
    'select exists (select from pg_temp.%I f
       where greatest(abs(st_xmin(f.geom)), abs(st_ymin(f.geom)), abs(st_xmax(f.geom)), abs(st_ymax(f.geom))) > 1e150)',
    'input_' || p_input) into v_found;
  if v_found then
    raise exception using errcode = 'HG001', message = 'Coordinates whose squares are no numbers are left to another tier.';
  end if;
end $$;

revoke execute on function honua_gp.require_measurable(text) from public;
grant execute on function honua_gp.require_measurable(text) to honua_tier2;

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
  perform honua_gp.require_measurable('features');
  perform honua_gp.require_flat();
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
           coalesce(g.geometry, honua_gp.as_given(f.geom))
      from pg_temp.input_features f
      left join members m on m.n = f.n
      left join joined j on j.n = f.n
      left join honua_gp.given('features') g on g.n = f.n
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
  perform honua_gp.require_flat();
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
    select f.id, honua_gp.with_member(f.properties, 'cluster_id', to_json(t.number)),
           coalesce(g.geometry, honua_gp.as_given(f.geom))
      from pg_temp.input_features f
      left join placed p on p.n = f.n
      left join firsts t on t.centre = p.centre
      left join honua_gp.given('features') g on g.n = f.n
     order by f.n;
end $$;

-- Each feature with the attributes of its nearest neighbours, and how far they are, in the plane.
create or replace function honua_gp.nearest(p_request jsonb) returns setof honua_gp.feature
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  v_count int := coalesce(honua_gp.number(p_request, 'count'), 1);
  v_within float8 := honua_gp.number(p_request, 'maxDistance');
  v_unit float8 := honua_gp.number(p_request, '$metersPerUnit');
  v_keep boolean := coalesce((p_request ->> 'keepUnmatched')::boolean, true);
  v_names text[];
  v_joined text[];
begin
  perform honua_gp.require_plane(p_request,
    'Distances on the ground are measured on the globe, and PostGIS finds neighbours in one plane only.');
  perform honua_gp.require_measurable('features');
  perform honua_gp.require_measurable('to');
  perform honua_gp.require_flat();
  select coalesce(array_agg(k.name order by k.n, k.ord), '{}') into v_names
    from (select distinct on (e.name) e.name, o.n, e.ord
            from pg_temp.input_to o
           cross join lateral json_object_keys(o.properties::json) with ordinality e (name, ord)
           order by e.name, o.n) k;
  v_joined := honua_gp.joined_names(p_request, v_names);
  return query
    with partners as materialized (
      select o.n, coalesce(o.id, o.n::text) as name, honua_gp.renamed(o.properties, v_names, v_joined) as properties
        from pg_temp.input_to o)
    select f.id,
           honua_gp.merged(f.properties, coalesce(o.properties, honua_gp.renamed(null, v_names, v_joined)),
             '{"nearest_feature":' || coalesce(o.name, 'null') || ',"nearest_rank":' || coalesce(k.rank::text, 'null')
               || ',"distance_m":' || coalesce((k.distance * v_unit)::text, 'null') || '}'),
           coalesce(g.geometry, honua_gp.as_given(f.geom))
      from pg_temp.input_features f
      left join honua_gp.neighbours(v_count, v_within) k on k.n = f.n
      left join partners o on o.n = k.partner
      left join honua_gp.given('features') g on g.n = f.n
     where v_keep or k.n is not null
     order by f.n, k.rank;
end $$;

-- Puts the different places of the points of the input `features` into the temporary table sites, in the order of the
-- input, with the first feature that has a point there, and tells how many points are on one already. Leaves what has no
-- triangles to the next tier (sites.ts). Runs as the owner, so that the role of tier 2 needs no right to make tables.
create or replace function honua_gp.stage_sites() returns bigint
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  v_points bigint;
  v_count bigint;
  v_start record;
  v_far record;
begin
  perform honua_gp.require_measurable('features');
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
