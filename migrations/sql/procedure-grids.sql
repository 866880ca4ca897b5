set local check_function_bodies = off;

-- The box that the request gives, or else that around the features: west, south, east, north. Null where they are nowhere.
create function honua_gp.extent(p_request jsonb) returns float8[]
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  v_sides float8[];
  v_half int;
begin
  if p_request -> 'extent' is null then
    if to_regclass('pg_temp.input_features') is null then
      raise exception using errcode = 'HG002', message = '/inputs/extent: is required where there are no features';
    end if;
    select array[st_xmin(e.box), st_ymin(e.box), st_xmax(e.box), st_ymax(e.box)] into v_sides
      from (select st_extent(f.geom) as box from pg_temp.input_features f) e;
    return case when v_sides[1] is not null then v_sides end;
  end if;
  select array_agg(s.side::float8 order by s.ord) into v_sides
    from jsonb_array_elements_text(p_request -> 'extent') with ordinality s (side, ord);
  if v_sides && array['NaN', 'Infinity', '-Infinity']::float8[] then
    raise exception using errcode = 'HG002', message = '/inputs/extent: must have finite numbers';
  end if;
  v_half := cardinality(v_sides) / 2;
  if v_sides[1] > v_sides[v_half + 1] then
    raise exception using errcode = 'HG002',
      message = '/inputs/extent: has its west beyond its east: ask for either side of 180° by itself';
  end if;
  return array[v_sides[1], v_sides[2], v_sides[v_half + 1], v_sides[v_half + 2]];
end $$;

-- The number that an attribute has in properties; null where it has none.
create function honua_gp.attribute_number(p_properties text, p_attribute text) returns float8
language sql immutable set search_path = pg_catalog, public, pg_temp as $$
  select case when json_typeof(p_properties::json -> p_attribute) = 'number'
              then (p_properties::json ->> p_attribute)::float8 end
$$;

-- Refuses an attribute that no feature has, and tells of values that are no numbers.
create function honua_gp.check_attribute(p_input text, p_attribute text) returns void
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if p_attribute is null or not exists (select from pg_temp.input_features) then
    return;
  end if;
  if not exists (select from pg_temp.input_features f where f.properties::json -> p_attribute is not null) then
    raise exception using errcode = 'HG002', message = format(
      '/inputs/%s: no feature has the attribute %s', p_input, p_attribute);
  end if;
  if exists (select from pg_temp.input_features f
              where not st_isempty(f.geom)
                and json_typeof(f.properties::json -> p_attribute) not in ('number', 'null')) then
    raise warning 'Values of % that are no numbers were left out.', p_attribute;
  end if;
end $$;

-- By how much of a cell the cells of a column of hexagons are higher: every odd one by half.
create function honua_gp.raised(p_column float8) returns float8
language sql immutable as $$ select (p_column - 2 * floor(p_column / 2)) / 2 $$;

-- The cell that holds a place: squares have a corner at the origin, hexagons a middle, and sides of this size.
create function honua_gp.cell_at(p_x float8, p_y float8, p_size float8, p_hexagons boolean, out i float8, out j float8)
language plpgsql immutable set search_path = pg_catalog, public, pg_temp as $$
declare
  v_width float8 := 1.5 * p_size;
  v_height float8 := p_size * sqrt(3::float8);
begin
  if not p_hexagons then
    i := floor(p_x / p_size);
    j := floor(p_y / p_size);
    return;
  end if;
  select c.i, c.j into i, j
    from (select n.i, floor(p_y / v_height - honua_gp.raised(n.i) + 0.5) as j
            from (values (floor(p_x / v_width)), (floor(p_x / v_width) + 1)) n (i)) c
   order by (v_width * c.i - p_x) * (v_width * c.i - p_x)
          + (v_height * (c.j + honua_gp.raised(c.i)) - p_y) * (v_height * (c.j + honua_gp.raised(c.i)) - p_y), c.i
   limit 1;
end $$;

-- All cells that reach into an extent. Refuses before it makes any where they are more than asked for.
create function honua_gp.cells_over(p_extent float8[], p_size float8, p_hexagons boolean, p_most float8)
  returns table (i int, j int)
language plpgsql immutable set search_path = pg_catalog, public, pg_temp as $$
declare
  v_height float8 := p_size * case when p_hexagons then sqrt(3::float8) else 1 end;
  v_first float8;
  v_last float8;
  v_low float8[];
  v_high float8[];
begin
  if p_hexagons then
    v_first := ceil((p_extent[1] / p_size - 1) / 1.5);
    v_last := floor((p_extent[3] / p_size + 1) / 1.5);
    v_low := array[floor(p_extent[2] / v_height - honua_gp.raised(v_first) + 0.5),
                   floor(p_extent[2] / v_height - honua_gp.raised(v_first + 1) + 0.5)];
    v_high := array[floor(p_extent[4] / v_height - honua_gp.raised(v_first) + 0.5),
                    floor(p_extent[4] / v_height - honua_gp.raised(v_first + 1) + 0.5)];
  else
    v_first := floor(p_extent[1] / p_size);
    v_last := floor(p_extent[3] / p_size);
    v_low := array[floor(p_extent[2] / v_height), floor(p_extent[2] / v_height)];
    v_high := array[floor(p_extent[4] / v_height), floor(p_extent[4] / v_height)];
  end if;
  if greatest(abs(v_first), abs(v_last), abs(v_low[1]), abs(v_low[2]), abs(v_high[1]), abs(v_high[2])) > 2147483646 then
    raise exception using errcode = 'HG002',
      message = '/inputs/cellSize: the extent is too far from the origin for cells of this size';
  end if;
  if ceil((v_last - v_first + 1) / 2) * (v_high[1] - v_low[1] + 1)
     + floor((v_last - v_first + 1) / 2) * (v_high[2] - v_low[2] + 1) > p_most then
    raise exception using errcode = 'HG002', message = format(
      '/inputs/cellSize: the grid would have more than %s cells', p_most);
  end if;
  return query
    select c.i, r.j
      from generate_series(v_first::int, v_last::int) c (i)
     cross join lateral generate_series(v_low[(c.i - v_first::int) % 2 + 1]::int,
                                        v_high[(c.i - v_first::int) % 2 + 1]::int) r (j);
end $$;

-- The cells over an extent, with how many features lie in each and the statistics of an attribute of theirs.
create function honua_gp.grid(p_request jsonb, p_hexagons boolean) returns setof honua_gp.feature
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  v_size float8 := honua_gp.number(p_request, 'cellSize');
  v_most float8 := coalesce(honua_gp.number(p_request, '$maxOutputFeatures'), 100000);
  v_extent float8[] := honua_gp.extent(p_request);
  v_attribute text := p_request ->> 'attribute';
begin
  if to_regclass('pg_temp.input_features') is null then
    return query
      select null::text, json_build_object('i', c.i, 'j', c.j)::text, honua_gp.cell_geojson(v_size, c.i, c.j, p_hexagons)
        from honua_gp.cells_over(v_extent, v_size, p_hexagons, v_most) c
       order by c.i, c.j;
    return;
  end if;
  perform honua_gp.check_attribute('attribute', v_attribute);
  if v_extent is null then
    return;
  end if;
  return query
    with placed as materialized (
      select f.n, f.properties, st_x(f.centre) as x, st_y(f.centre) as y
        from (select o.n, o.properties, st_centroid(o.geom) as centre
                from pg_temp.input_features o where not st_isempty(o.geom)) f),
    -- What is far outside is left out first: it may have no number for its cell.
    counted as materialized (
      select cell.i, cell.j, honua_gp.attribute_number(p.properties, v_attribute) as number, p.n
        from placed p cross join lateral honua_gp.cell_at(p.x, p.y, v_size, p_hexagons) cell
       where p.x between v_extent[1] - 2 * v_size and v_extent[3] + 2 * v_size
         and p.y between v_extent[2] - 2 * v_size and v_extent[4] + 2 * v_size),
    filled as (
      select c.i, c.j, count(*) as count, sum(c.number order by c.n) as sum, count(c.number) as numbers,
             min(c.number) as minimum, max(c.number) as maximum
        from counted c group by c.i, c.j)
    select null::text,
           case when v_attribute is null
                then json_build_object('i', c.i, 'j', c.j, 'count', coalesce(f.count, 0))
                else json_build_object('i', c.i, 'j', c.j, 'count', coalesce(f.count, 0),
                       'sum_' || v_attribute, f.sum, 'mean_' || v_attribute, f.sum / nullif(f.numbers, 0),
                       'minimum_' || v_attribute, f.minimum, 'maximum_' || v_attribute, f.maximum) end::text,
           honua_gp.cell_geojson(v_size, c.i, c.j, p_hexagons)
      from honua_gp.cells_over(v_extent, v_size, p_hexagons, v_most) c
      left join filled f on f.i = c.i::float8 and f.j = c.j::float8
     where f.count is not null or coalesce((p_request ->> 'emptyCells')::boolean, true)
     order by c.i, c.j;
end $$;

create function honua_gp.cell_geojson(p_size float8, p_i int, p_j int, p_hexagons boolean) returns text
language sql immutable set search_path = pg_catalog, public, pg_temp as $$
  select honua_gp.geojson(case when p_hexagons then st_hexagon(p_size, p_i, p_j) else st_square(p_size, p_i, p_j) end)
$$;

create function honua_gp.square_grid(p_request jsonb) returns setof honua_gp.feature
language sql set search_path = pg_catalog, public, pg_temp as $$ select * from honua_gp.grid(p_request, false) $$;

create function honua_gp.hexagon_grid(p_request jsonb) returns setof honua_gp.feature
language sql set search_path = pg_catalog, public, pg_temp as $$ select * from honua_gp.grid(p_request, true) $$;

revoke execute on function honua_gp.extent(jsonb), honua_gp.attribute_number(text, text),
  honua_gp.check_attribute(text, text), honua_gp.raised(float8), honua_gp.cell_at(float8, float8, float8, boolean),
  honua_gp.cells_over(float8[], float8, boolean, float8), honua_gp.grid(jsonb, boolean),
  honua_gp.cell_geojson(float8, int, int, boolean), honua_gp.square_grid(jsonb), honua_gp.hexagon_grid(jsonb) from public;
grant execute on function honua_gp.extent(jsonb), honua_gp.attribute_number(text, text),
  honua_gp.check_attribute(text, text), honua_gp.raised(float8), honua_gp.cell_at(float8, float8, float8, boolean),
  honua_gp.cells_over(float8[], float8, boolean, float8), honua_gp.grid(jsonb, boolean),
  honua_gp.cell_geojson(float8, int, int, boolean), honua_gp.square_grid(jsonb), honua_gp.hexagon_grid(jsonb)
  to honua_tier2;
