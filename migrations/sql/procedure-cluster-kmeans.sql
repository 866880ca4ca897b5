set local check_function_bodies = off;

-- Places for clusters to start from, as indices. Without looks, each is as far as can be from those before; with them, of
-- the farthest one and of so many spread evenly by the squares of the distances, the one that leaves the least sum.
create function honua_gp.kmeans_seeds(p_x float8[], p_y float8[], p_count int, p_looks int) returns int[]
language plpgsql immutable set search_path = pg_catalog, public, pg_temp as $$
declare
  v_seeds int[];
  v_near float8[];
  v_left float8[];
  v_best float8[];
  v_sum float8;
  v_least float8;
  v_one int;
  v_chosen int;
  v_candidates int[];
begin
  select array_agg((p.x - m.x) * (p.x - m.x) + (p.y - m.y) * (p.y - m.y)) into v_near
    from unnest(p_x, p_y) p (x, y),
         (select sum(s.x) / count(*) as x, sum(s.y) / count(*) as y from unnest(p_x, p_y) s (x, y)) m;
  select d.n into v_one from unnest(v_near) with ordinality d (squared, n)
   order by case when p_looks = 0 then -d.squared else d.squared end, d.n limit 1;
  v_seeds := array[v_one];
  select array_agg((p.x - p_x[v_one]) * (p.x - p_x[v_one]) + (p.y - p_y[v_one]) * (p.y - p_y[v_one])) into v_near
    from unnest(p_x, p_y) p (x, y);
  while cardinality(v_seeds) < p_count loop
    select array[d.n] into v_candidates from unnest(v_near) with ordinality d (squared, n)
     order by d.squared desc, d.n limit 1;
    exit when v_near[v_candidates[1]] = 0;
    if p_looks > 0 then
      select sum(d.squared) into v_sum from unnest(v_near) d (squared);
      v_candidates := v_candidates || array(
        select (select min(r.n) from (
                  select d.n, sum(d.squared) over (order by d.n) as running
                    from unnest(v_near) with ordinality d (squared, n)) r
                 where r.running > (v_sum * (step + 0.5)) / p_looks)
          from generate_series(0, p_looks - 1) step order by step)::int[];
    end if;
    v_least := 'Infinity';
    foreach v_one in array v_candidates loop
      select array_agg(l.squared), sum(l.squared) into v_left, v_sum
        from (select least(p.squared, (p.x - p_x[v_one]) * (p.x - p_x[v_one]) + (p.y - p_y[v_one]) * (p.y - p_y[v_one]))
                       as squared
                from unnest(p_x, p_y, v_near) p (x, y, squared)) l;
      if v_sum < v_least then
        v_least := v_sum;
        v_best := v_left;
        v_chosen := v_one;
      end if;
    end loop;
    v_near := v_best;
    v_seeds := v_seeds || v_chosen;
  end loop;
  return v_seeds;
end $$;

-- Lloyd's rounds from these places, until nothing changes: the number of the centre of each place, and the sum of the
-- squares of the distances to them.
create function honua_gp.kmeans_settle(p_x float8[], p_y float8[], p_seeds int[], out members int[], out sum float8)
language plpgsql immutable set search_path = pg_catalog, public, pg_temp as $$
declare
  v_cx float8[] := array(select p_x[s.at] from unnest(p_seeds) with ordinality s (at, n) order by s.n);
  v_cy float8[] := array(select p_y[s.at] from unnest(p_seeds) with ordinality s (at, n) order by s.n);
  v_next int[];
begin
  members := honua_gp.kmeans_nearest(p_x, p_y, v_cx, v_cy);
  for round in 1..300 loop
    select array_agg(coalesce(m.x, c.x) order by c.number), array_agg(coalesce(m.y, c.y) order by c.number)
      into v_cx, v_cy
      from unnest(v_cx, v_cy) with ordinality c (x, y, number)
      left join (select p.number, sum(p.x order by p.n) / count(*) as x, sum(p.y order by p.n) / count(*) as y
                   from unnest(p_x, p_y, members) with ordinality p (x, y, number, n) group by p.number) m using (number);
    v_next := honua_gp.kmeans_nearest(p_x, p_y, v_cx, v_cy);
    exit when v_next = members;
    members := v_next;
  end loop;
  select sum((p.x - v_cx[p.number]) * (p.x - v_cx[p.number]) + (p.y - v_cy[p.number]) * (p.y - v_cy[p.number]))
    into kmeans_settle.sum from unnest(p_x, p_y, members) p (x, y, number);
end $$;

-- Of each place the number of the nearest centre; of several, the first.
create function honua_gp.kmeans_nearest(p_x float8[], p_y float8[], p_cx float8[], p_cy float8[]) returns int[]
language sql immutable set search_path = pg_catalog, public, pg_temp as $$
  select array_agg((
           select c.number from unnest(p_cx, p_cy) with ordinality c (x, y, number)
            order by (p.x - c.x) * (p.x - c.x) + (p.y - c.y) * (p.y - c.y), c.number limit 1)::int)
    from unnest(p_x, p_y) p (x, y)
$$;

-- Clusters around means in the plane. The sums are those of tier 1 in the same order (k-means.ts), so that the clusters
-- are the same to the last feature: change both or none. A scan of an array is in its order, and so are its sums.
create function honua_gp.cluster_kmeans(p_request jsonb) returns setof honua_gp.feature
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  v_count int := honua_gp.number(p_request, 'k');
  v_n bigint[];
  v_x float8[];
  v_y float8[];
  v_far record;
  v_spread record;
  v_members int[];
  v_found int;
begin
  if (p_request ->> '$geographic')::boolean then
    raise exception using errcode = 'HG001',
      message = 'Distances on the ground are measured on the globe, and PostGIS finds these clusters in one plane only.';
  end if;
  select array_agg(c.n order by c.n), array_agg(st_x(c.centre) order by c.n), array_agg(st_y(c.centre) order by c.n)
    into v_n, v_x, v_y
    from (select f.n, st_centroid(f.geom) as centre from pg_temp.input_features f where not st_isempty(f.geom)) c;
  if v_n is not null then
    v_far := honua_gp.kmeans_settle(v_x, v_y, honua_gp.kmeans_seeds(v_x, v_y, v_count, 0));
    v_spread := honua_gp.kmeans_settle(v_x, v_y, honua_gp.kmeans_seeds(v_x, v_y, v_count, 8));
    v_members := case when v_spread.sum < v_far.sum then v_spread.members else v_far.members end;
    select count(distinct m.centre) into v_found from unnest(v_members) m (centre);
    if v_found < v_count then
      raise warning 'Only % clusters were found', v_found;
    end if;
  end if;
  return query
    with placed as (select p.n, p.centre from unnest(v_n, v_members) p (n, centre)),
    firsts as (select p.centre, row_number() over (order by min(p.n)) - 1 as number from placed p group by p.centre)
    select f.id, honua_gp.with_member(f.properties, 'cluster_id', to_json(t.number)), honua_gp.geojson(f.geom)
      from pg_temp.input_features f
      left join placed p on p.n = f.n
      left join firsts t on t.centre = p.centre
     order by f.n;
end $$;

revoke execute on function honua_gp.kmeans_seeds(float8[], float8[], int, int),
  honua_gp.kmeans_settle(float8[], float8[], int[]), honua_gp.kmeans_nearest(float8[], float8[], float8[], float8[]),
  honua_gp.cluster_kmeans(jsonb) from public;
grant execute on function honua_gp.kmeans_seeds(float8[], float8[], int, int),
  honua_gp.kmeans_settle(float8[], float8[], int[]), honua_gp.kmeans_nearest(float8[], float8[], float8[], float8[]),
  honua_gp.cluster_kmeans(jsonb) to honua_tier2;
