set local check_function_bodies = off;

-- One feature for each different value of the named attributes, in order of first appearance. Values are told apart by
-- their JSON text, so 1 and "1" differ; a feature without the attribute counts as null.
create function honua_gp.dissolve(p_request jsonb) returns setof honua_gp.feature
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  v_by text[] := honua_gp.texts(p_request, 'by');
  v_name text;
begin
  if p_request ->> 'minimumArea' is not null then
    raise exception using errcode = 'HG001', message = 'Parts smaller than an area are left out by another tier.';
  end if;
  foreach v_name in array v_by loop
    if exists (select from pg_temp.input_features)
       and not exists (select from pg_temp.input_features where properties::json -> v_name is not null) then
      raise exception using errcode = 'HG002', message = format(
        '/inputs/by: no feature has the attribute %s', left(to_json(v_name)::text, 80));
    end if;
  end loop;
  return query
    select null::text, '{' || g.key || '}', honua_gp.geojson(g.geom)
      from (select k.key, min(f.n) as first, st_union(f.geom) as geom
              from pg_temp.input_features f
             cross join lateral (
               select coalesce(string_agg(to_json(b.name)::text || ':'
                        || coalesce((f.properties::json -> b.name)::text, 'null'), ',' order by b.ord), '') as key
                 from unnest(v_by) with ordinality b (name, ord)) k
             group by k.key) g
     order by g.first;
end $$;

revoke execute on function honua_gp.dissolve(jsonb) from public;
grant execute on function honua_gp.dissolve(jsonb) to honua_tier2;
