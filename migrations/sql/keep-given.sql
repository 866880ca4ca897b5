set local check_function_bodies = off;

-- As before; what is repaired is kept as it was given, for procedures that hand features on unchanged. By the policy
-- 'repair-to-lines' an area that encloses nothing becomes the line or the point that it is.
create or replace function honua_gp.check_features(p_input text, p_policy text) returns bigint
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
declare
  v_table text := 'input_' || p_input;
  v_count bigint;
  v_repaired text[];
  v_dropped text[];
  v_invalid record;
begin
  -- Some functions of PostGIS end the server where a coordinate is no number. A request has none; a table may.
  execute format(
    'select coalesce(''feature '' || left(id, 40), ''feature '' || n) as name
       from pg_temp.%I where geom is not null and not st_isvalid(geom)
        and st_isvalidreason(geom) like ''Invalid Coordinate%%'' order by n limit 1', v_table)
    into v_invalid;
  if v_invalid.name is not null then
    raise exception using errcode = 'HG002', message = format(
      '/inputs/%s: the geometry of %s has a coordinate that is no finite number', p_input, v_invalid.name);
  end if;

  if p_policy = 'refuse' then
    execute format(
      'select coalesce(''feature '' || left(id, 40), ''feature '' || n) as name, st_isvaliddetail(geom) as detail
         from pg_temp.%I where geom is not null and not st_isvalid(geom) order by n limit 1', v_table)
      into v_invalid;
    if v_invalid.name is not null then
      raise exception using errcode = 'HG002', message = format(
        '/inputs/%s: the geometry of %s is invalid: %s at %s %s', p_input, v_invalid.name, (v_invalid.detail).reason,
        st_x((v_invalid.detail).location), st_y((v_invalid.detail).location));
    end if;
  elsif p_policy in ('repair', 'repair-to-lines') then
    create temp table if not exists given_geometries (input text, n bigint, geom geometry) on commit drop;
    grant select on pg_temp.given_geometries to honua_tier2;
    execute format(
      'with invalid as materialized (
         select n, geom from pg_temp.%I where geom is not null and not st_isvalid(geom)),
       mended as (
         update pg_temp.%I i set geom = nullif_empty
           from (select n as at, case when st_isempty(m) then null else m end as nullif_empty
                   from (select v.n, case when $2 and st_isempty(a.m) then st_makevalid(v.geom) else a.m end as m
                           from invalid v cross join lateral (
                             select st_makevalid(v.geom, ''method=structure keepcollapsed=false'') as m) a) made) mended
          where i.n = at
         returning i.n, coalesce(''feature '' || left(i.id, 40), ''feature '' || i.n) as name, i.geom is null as dropped),
       kept as (
         insert into pg_temp.given_geometries select $1, m.n, v.geom from mended m join invalid v on v.n = m.n)
       select array_agg(name order by n) filter (where not dropped), array_agg(name order by n) filter (where dropped)
         from mended', v_table, v_table)
      into v_repaired, v_dropped using p_input, p_policy = 'repair-to-lines';
    if v_repaired is not null then
      raise warning '% invalid geometries of % were repaired: %', cardinality(v_repaired), p_input,
        honua_gp.told(v_repaired);
    end if;
    if v_dropped is not null then
      raise warning '% geometries of % enclose no area and were left out: %', cardinality(v_dropped), p_input,
        honua_gp.told(v_dropped);
    end if;
  end if;

  execute format('select count(*) from pg_temp.%I', v_table) into v_count;
  if v_count > 100 then
    execute format('create index on pg_temp.%I using gist (geom)', v_table);
  end if;
  execute format('analyze pg_temp.%I', v_table);
  return v_count;
end $$;

-- A geometry as GeoJSON text as it is, where honua_gp.geojson gives it its simplest form.
create function honua_gp.as_given(p_geometry anyelement) returns text
language sql immutable set search_path = pg_catalog, public, pg_temp as $$ select st_asgeojson(p_geometry, 15, 0) $$;

-- Leaves collections within collections, for which PostGIS has no GeoJSON, to the next tier.
create function honua_gp.require_flat() returns void
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if exists (select from pg_temp.input_features f
              where geometrytype(f.geom) = 'GEOMETRYCOLLECTION'
                and exists (select from generate_series(1, st_numgeometries(f.geom)) part (n)
                             where geometrytype(st_geometryn(f.geom, part.n)) = 'GEOMETRYCOLLECTION')) then
    raise exception using errcode = 'HG001', message = 'Collections within collections are given back by another tier.';
  end if;
end $$;

-- The repaired features of an input, as they were given.
create function honua_gp.given(p_input text) returns table (n bigint, geometry text)
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if to_regclass('pg_temp.given_geometries') is not null then
    return query select g.n, honua_gp.as_given(g.geom) from pg_temp.given_geometries g where g.input = p_input;
  end if;
end $$;

revoke execute on function honua_gp.as_given(anyelement), honua_gp.require_flat(), honua_gp.given(text) from public;
grant execute on function honua_gp.as_given(anyelement), honua_gp.require_flat(), honua_gp.given(text) to honua_tier2;
