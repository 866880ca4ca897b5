-- What tier 2 runs. A procedure is a function honua_gp.<name>(jsonb) that gives honua_gp.feature rows; that honua_tier2
-- may execute it makes it one. No signature names a type of PostGIS, and bodies are not looked into here, so that the
-- schema stands where PostGIS is not installed, or not yet.
set local check_function_bodies = off;

create schema honua_gp;
revoke all on schema honua_gp from public;
grant usage on schema honua_gp to honua_tier2, honua_system;
alter default privileges in schema honua_gp revoke execute on functions from public;

-- One feature of a result: JSON texts, each null where there is none.
create type honua_gp.feature as (id text, properties text, geometry text);

-- A number of the request. Null where it was not given. PostGIS does not survive every NaN: none gets past here.
create function honua_gp.number(p_request jsonb, p_name text) returns float8
language plpgsql immutable as $$
declare v_number float8 := (p_request ->> p_name)::float8;
begin
  if v_number in ('NaN', 'Infinity', '-Infinity') then
    raise exception using errcode = 'HG002', message = format('/inputs/%s: must be a finite number', p_name);
  end if;
  return v_number;
end $$;

-- All texts of an input that may occur several times.
create function honua_gp.texts(p_request jsonb, p_name text) returns text[]
language sql immutable as $$
  select coalesce(array_agg(t.value order by t.ord), '{}')
    from jsonb_array_elements_text(coalesce(p_request -> p_name, '[]')) with ordinality t (value, ord)
$$;

-- A geometry as GeoJSON text: null where nothing is left of it, a collection of one as that one, rings right-handed.
create function honua_gp.geojson(p_geometry anyelement) returns text
language sql immutable set search_path = pg_catalog, public, pg_temp as $$
  select case
    when p_geometry is null or st_isempty(p_geometry) then null
    when st_numgeometries(p_geometry) = 1
      then st_asgeojson(st_forcepolygonccw(st_geometryn(p_geometry, 1)), 15, 0)
    else st_asgeojson(st_forcepolygonccw(p_geometry), 15, 0)
  end
$$;

revoke execute on all functions in schema honua_gp from public;
grant execute on all functions in schema honua_gp to honua_tier2;
