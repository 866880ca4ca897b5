set local check_function_bodies = off;

-- To each feature the nearest few of the input `to`, within a distance if one is given; of those equally far, the first. The
-- index tells how far to look; what is found there is ranked.
create function honua_gp.neighbours(p_count int, p_within float8)
  returns table (n bigint, partner bigint, distance float8, rank bigint)
language sql set search_path = pg_catalog, public, pg_temp as $$
  select f.n, near.n, near.distance, near.rank
    from pg_temp.input_features f
   cross join lateral (
     select least(max(k.distance) * (1 + 1e-9), p_within) as reach
       from (select o.geom <-> f.geom as distance from pg_temp.input_to o
              where not st_isempty(o.geom) order by o.geom <-> f.geom limit p_count) k) r
   cross join lateral (
     select o.n, st_distance(o.geom, f.geom) as distance,
            row_number() over (order by st_distance(o.geom, f.geom), o.n) as rank
       from pg_temp.input_to o
      where st_dwithin(o.geom, f.geom, r.reach)) near
   where not st_isempty(f.geom) and near.rank <= p_count
$$;

-- Each feature with the attributes of its nearest neighbours, and how far they are, in the plane.
create function honua_gp.nearest(p_request jsonb) returns setof honua_gp.feature
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

revoke execute on function honua_gp.neighbours(int, float8), honua_gp.nearest(jsonb) from public;
grant execute on function honua_gp.neighbours(int, float8), honua_gp.nearest(jsonb) to honua_tier2;
