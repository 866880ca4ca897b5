set local check_function_bodies = off;

-- JSON text of properties with one member more, or another value of it; the others as they were, in their order.
create function honua_gp.with_member(p_properties text, p_name text, p_value json) returns text
language sql immutable as $$
  select '{' || string_agg(to_json(m.key)::text || ':' || coalesce(m.value::text, 'null'), ',' order by m.ord) || '}'
    from (select e.key, e.value, e.ord
            from json_each(case when json_typeof(p_properties::json) = 'object' then p_properties::json else '{}' end)
                 with ordinality e (key, value, ord)
           where e.key <> p_name
          union all select p_name, p_value, 2147483647) m
$$;

-- Density clusters in the plane, by the rules of tier 1: numbered by their first cores, and what is no core is in the
-- cluster of its nearest one, of cores equally near the first. Without minPoints every chain is a cluster.
create function honua_gp.cluster(p_request jsonb) returns setof honua_gp.feature
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  v_distance float8 := honua_gp.number(p_request, 'distance');
  v_enough int := coalesce(honua_gp.number(p_request, 'minPoints'), 1);
begin
  if (p_request ->> '$geographic')::boolean then
    raise exception using errcode = 'HG001',
      message = 'Distances on the ground are measured on the globe, and PostGIS finds clusters in one plane only.';
  end if;
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

revoke execute on function honua_gp.cluster(jsonb), honua_gp.with_member(text, text, json) from public;
grant execute on function honua_gp.cluster(jsonb), honua_gp.with_member(text, text, json) to honua_tier2;
