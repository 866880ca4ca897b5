set local check_function_bodies = off;

-- What the attributes of another input are called beside those of the features, in the order of p_names: a name that is
-- taken, or that the joining procedures add, gets the prefix in front, as often as needed (joined-names.ts).
create function honua_gp.joined_names(p_request jsonb, p_names text[]) returns text[]
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  v_prefix text := coalesce(p_request ->> 'prefix', 'join_');
  v_taken text[] := array['nearest_feature', 'nearest_rank', 'distance_m', 'join_count', 'join_feature'];
  v_joined text[] := '{}';
  v_name text;
begin
  v_taken := v_taken || array(
    select distinct k.name from pg_temp.input_features f cross join lateral json_object_keys(f.properties::json) k (name));
  foreach v_name in array p_names loop
    while v_name = any (v_taken) loop
      if v_prefix = '' then
        raise exception using errcode = 'HG002', message = format(
          '/inputs/prefix: must not be empty where the name %s is taken', v_name);
      end if;
      v_name := v_prefix || v_name;
    end loop;
    v_taken := v_taken || v_name;
    v_joined := v_joined || v_name;
  end loop;
  return v_joined;
end $$;

-- JSON text of these attributes under other names, in this order; null where there are none.
create function honua_gp.renamed(p_properties text, p_names text[], p_joined text[]) returns text
language sql immutable set search_path = pg_catalog, public, pg_temp as $$
  select '{' || coalesce(string_agg(to_json(j.joined)::text || ':' || coalesce((p.properties -> j.name)::text, 'null'), ','
                                    order by j.ord), '') || '}'
    from (select p_properties::json as properties) p
   cross join unnest(p_names, p_joined) with ordinality j (name, joined, ord)
$$;

-- Objects in one, as JSON text. A name that occurs again keeps its first place and gets its last value.
create function honua_gp.merged(variadic p_objects text[]) returns text
language sql immutable set search_path = pg_catalog, public, pg_temp as $$
  select '{' || coalesce(string_agg(to_json(m.name)::text || ':' || m.value, ',' order by m.place), '') || '}'
    from (select e.name, min(array[o.ord, e.ord]) as place, (array_agg(e.value::text order by o.ord desc, e.ord desc))[1] as value
            from unnest(p_objects) with ordinality o (object, ord)
           cross join lateral json_each(o.object::json) with ordinality e (name, value, ord)
           group by e.name) m
$$;

-- Each feature with the attributes of those of another input that lie to it as the predicate says.
create function honua_gp.spatial_join(p_request jsonb) returns setof honua_gp.feature
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  v_predicate text := coalesce(p_request ->> 'predicate', 'intersects');
  v_to_many boolean := p_request ->> 'type' is not distinct from 'one-to-many';
  v_keep boolean := coalesce((p_request ->> 'keepUnmatched')::boolean, true);
  v_names text[];
  v_joined text[];
begin
  perform honua_gp.require_flat();
  if v_predicate <> 'intersects'
     and (exists (select from pg_temp.input_features f where geometrytype(f.geom) = 'GEOMETRYCOLLECTION')
          or exists (select from pg_temp.input_join o where geometrytype(o.geom) = 'GEOMETRYCOLLECTION')) then
    raise exception using errcode = 'HG001',
      message = 'How collections of points, lines and areas lie to others is looked into by another tier.';
  end if;
  select coalesce(array_agg(k.name order by k.n, k.ord), '{}') into v_names
    from (select distinct on (e.name) e.name, o.n, e.ord
            from pg_temp.input_join o
           cross join lateral json_object_keys(o.properties::json) with ordinality e (name, ord)
           order by e.name, o.n) k;
  v_joined := honua_gp.joined_names(p_request, v_names);
  return query
    with partners as materialized (
      select o.n, coalesce(o.id, o.n::text) as name, honua_gp.renamed(o.properties, v_names, v_joined) as properties
        from pg_temp.input_join o),
    pairs as (
      select f.n, o.n as partner, count(*) over (partition by f.n) as count,
             row_number() over (partition by f.n order by o.n) as place
        from pg_temp.input_features f
        join pg_temp.input_join o on f.geom && o.geom and case v_predicate
               when 'intersects' then st_intersects(f.geom, o.geom)
               when 'within' then st_within(f.geom, o.geom)
               when 'contains' then st_contains(f.geom, o.geom)
               when 'touches' then st_touches(f.geom, o.geom)
               when 'crosses' then st_crosses(f.geom, o.geom)
               when 'overlaps' then st_overlaps(f.geom, o.geom)
               when 'equals' then st_equals(f.geom, o.geom)
             end)
    select f.id,
           honua_gp.merged(f.properties, coalesce(o.properties, honua_gp.renamed(null, v_names, v_joined)),
             '{"join_feature":' || coalesce(o.name, 'null') || ',"join_count":' || coalesce(p.count, 0) || '}'),
           coalesce(g.geometry, honua_gp.as_given(f.geom))
      from pg_temp.input_features f
      left join pairs p on p.n = f.n and (v_to_many or p.place = 1)
      left join partners o on o.n = p.partner
      left join honua_gp.given('features') g on g.n = f.n
     where v_keep or p.n is not null
     order by f.n, p.partner;
end $$;

revoke execute on function honua_gp.joined_names(jsonb, text[]), honua_gp.renamed(text, text[], text[]),
  honua_gp.merged(text[]), honua_gp.spatial_join(jsonb) from public;
grant execute on function honua_gp.joined_names(jsonb, text[]), honua_gp.renamed(text, text[], text[]),
  honua_gp.merged(text[]), honua_gp.spatial_join(jsonb) to honua_tier2;
