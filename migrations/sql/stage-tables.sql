set local check_function_bodies = off;

-- Checks the geometries of the temporary table input_<name> as the input's definition says, and readies it for queries.
-- Answers how many features there are.
create function honua_gp.check_features(p_input text, p_policy text) returns bigint
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
  elsif p_policy = 'repair' then
    execute format(
      'with mended as (
         update pg_temp.%I set geom = nullif_empty
           from (select n as at, case when st_isempty(m) then null else m end as nullif_empty
                   from (select n, st_makevalid(geom, ''method=structure keepcollapsed=false'') as m
                           from pg_temp.%I where geom is not null and not st_isvalid(geom)) made) mended
          where n = at
         returning n, coalesce(''feature '' || left(id, 40), ''feature '' || n) as name, geom is null as dropped)
       select array_agg(name order by n) filter (where not dropped), array_agg(name order by n) filter (where dropped)
         from mended', v_table, v_table)
      into v_repaired, v_dropped;
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

-- As before, with the checks that a table of the database gets too.
create or replace function honua_gp.stage_features(p_input text, p_srid int, p_policy text, p_features text)
returns bigint
language plpgsql security definer
set search_path = pg_catalog, public, pg_temp
set client_min_messages = warning -- PostGIS tells of each invalid geometry; we tell of all at once
as $$
declare
  v_table text := 'input_' || p_input;
begin
  if p_input !~ '^[A-Za-z][A-Za-z0-9_-]{0,50}$' then
    raise exception using errcode = 'HG003', message = 'The name of an input is not one.';
  end if;
  execute format(
    'create temp table %I (n bigint, id text, properties text, geom geometry) on commit drop', v_table);
  execute format('grant select on pg_temp.%I to honua_tier2', v_table);
  execute format(
    'insert into pg_temp.%I
       select r.n - 1, r.feature ->> 0, r.feature ->> 1, st_setsrid((r.feature ->> 2)::geometry, $2)
         from json_array_elements($1::json) with ordinality r (feature, n)', v_table)
    using p_features, p_srid;
  return honua_gp.check_features(p_input, p_policy);
end $$;

revoke execute on function honua_gp.check_features(text, text) from public;
