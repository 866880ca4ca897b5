set local check_function_bodies = off;

-- Each feature cut to what those of another input cover together. What has nothing of its own kind in common with them is
-- left out; what lies wholly inside of one stays as it is.
create function honua_gp.cut_by(p_other text) returns setof honua_gp.feature
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  return query execute format(
    'select id, properties, geometry from (
       select f.n, f.id, f.properties, honua_gp.geojson(
                case when bool_or(st_covers(o.geom, f.geom)) then f.geom
                     else st_collectionextract(st_union(st_intersection(f.geom, o.geom)), st_dimension(f.geom) + 1) end)
                as geometry
         from pg_temp.input_features f join pg_temp.%I o on st_intersects(f.geom, o.geom)
        group by f.n, f.id, f.properties, f.geom) cut
      where geometry is not null order by n', 'input_' || p_other);
end $$;

create function honua_gp.intersection(p_request jsonb) returns setof honua_gp.feature
language sql set search_path = pg_catalog, public, pg_temp as $$ select * from honua_gp.cut_by('overlay') $$;

create function honua_gp.clip(p_request jsonb) returns setof honua_gp.feature
language sql set search_path = pg_catalog, public, pg_temp as $$ select * from honua_gp.cut_by('mask') $$;

revoke execute on function honua_gp.cut_by(text), honua_gp.intersection(jsonb), honua_gp.clip(jsonb) from public;
grant execute on function honua_gp.cut_by(text), honua_gp.intersection(jsonb), honua_gp.clip(jsonb) to honua_tier2;
