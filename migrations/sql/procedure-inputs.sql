set local check_function_bodies = off;

-- The first few names of a list, for a message.
create function honua_gp.told(p_names text[]) returns text
language sql immutable as $$
  select array_to_string(p_names[:5], ', ') || case when cardinality(p_names) > 5 then ', …' else '' end
$$;

-- Puts features that came with a request into the temporary table input_<name>, which ends with the transaction, and
-- checks their geometries as the input's definition says. p_features is a JSON array of [id, properties, geometry]: id
-- and properties are JSON text, which is not looked into; geometry is hexadecimal WKB. Runs as the owner, so that the
-- role of tier 2 needs no right to make tables.
create function honua_gp.stage_features(p_input text, p_srid int, p_policy text, p_features text) returns bigint
language plpgsql security definer
set search_path = pg_catalog, public, pg_temp
set client_min_messages = warning -- PostGIS tells of each invalid geometry; we tell of all at once
as $$
declare
  v_table text := 'input_' || p_input;
  v_count bigint;
  v_repaired text[];
  v_dropped text[];
  v_invalid record;
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
  get diagnostics v_count = row_count;

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

  if v_count > 100 then
    execute format('create index on pg_temp.%I using gist (geom)', v_table);
  end if;
  execute format('analyze pg_temp.%I', v_table);
  return v_count;
end $$;

revoke execute on function honua_gp.told(text[]), honua_gp.stage_features(text, int, text, text) from public;
grant execute on function honua_gp.told(text[]), honua_gp.stage_features(text, int, text, text) to honua_tier2;
