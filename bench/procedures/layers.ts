import type { FeatureCollection } from 'geojson';
import type { Client } from 'pg';
import { cities, countries } from '../../test/support/real-data.ts';

export const SIZES = [10, 1_000, 100_000] as const;

/** What the tables of layers are called: each kind of feature in each size, and what features are held against. */
export const layerNames = (): string[] => [
  ...['points', 'areas', 'lines'].flatMap((kind) => SIZES.map((size) => `${kind}_${size}`)),
  'towns',
  'nations',
  'overlay',
  'mask',
];

/** Natural Earth as far as the plane of EPSG:3857 reaches, valid. */
const NATIONS = `
  select properties ->> 'name' as name, n,
         st_transform(st_intersection(st_makevalid(st_setsrid(st_geomfromgeojson(geometry), 4326), 'method=structure'),
                                      st_makeenvelope(-180, -85, 180, 85, 4326)), 3857) as geom
    from (select f -> 'properties' as properties, f -> 'geometry' as geometry, n
            from jsonb_array_elements($1::jsonb) with ordinality r (f, n)) given`;

const POINTS = `
  select f -> 'properties' ->> 'name' as name, n,
         st_transform(st_setsrid(st_geomfromgeojson(f -> 'geometry'), 4326), 3857) as geom
    from jsonb_array_elements($1::jsonb) with ordinality r (f, n)`;

/** Most vertices of a piece, so that there are 100,000 of them; cut in two goes, which is faster. */
const PIECE = 12;

/**
 * Loads the 100,000 most populous cities, and Natural Earth's countries in pieces, as areas and as lines, in a plane whose
 * unit is the metre. Each table is in an order that has nothing to do with place, has a whole key without gaps and an index.
 */
export async function loadLayers(client: Client): Promise<void> {
  const json = ({ features }: FeatureCollection): string[] => [JSON.stringify(features)];
  const many = cities(105_000);
  await client.query(`create temp table places as ${POINTS}`, json(many));
  await client.query(`create temp table lands as ${NATIONS}`, json(countries()));
  await client.query(
    `create temp table pieces as
       select name, row_number() over () as n, geom
         from (select name, st_subdivide(rough, ${PIECE}) as geom from (select name, st_subdivide(geom, 128) as rough from lands) r) cut where st_isvalid(geom);
     create temp table strokes as
       select name, row_number() over () as n, geom
         from (select name, st_subdivide(st_boundary(geom), 5) as geom from lands) cut`,
  );
  const sources = { points: 'places', areas: 'pieces', lines: 'strokes' };
  for (const [kind, source] of Object.entries(sources))
    for (const size of SIZES)
      await make(client, `${kind}_${size}`, `${source} order by md5(n::text) limit ${size}`);
  await make(client, 'towns', 'places where n > 100000 order by n');
  await make(client, 'nations', 'lands where not st_isempty(geom) order by n');
  await make(
    client,
    'mask',
    `(values ('Europe', 1, st_buffer(st_setsrid(st_point(1e6, 6.5e6), 3857), 3e6))) m (name, n, geom)`,
  );
  await make(
    client,
    'overlay',
    `(select 'cell ' || i || '/' || j as name, row_number() over () as n, geom
        from st_hexagongrid(3e5, st_makeenvelope(-2e6, 4e6, 4e6, 9e6, 3857)) c (geom, i, j)) cells order by n`,
  );
}

async function make(client: Client, table: string, source: string): Promise<void> {
  await client.query(
    `create table ${table} as
       select row_number() over ()::int as id, name, n::int as value, geom::geometry(Geometry, 3857) as geom from (select name, n, geom from ${source}) s`,
  );
  await client.query(`alter table ${table} add primary key (id)`);
  await client.query(`create index on ${table} using gist (geom)`);
  await client.query(`vacuum analyze ${table}`);
  const { rows } = await client.query<{ count: number }>(`select count(*)::int as count from ${table}`);
  const [, size] = /_(\d+)$/.exec(table) ?? [];
  if (size !== undefined && rows[0]!.count !== Number(size))
    throw new Error(`${table} has ${rows[0]!.count} features`);
}
