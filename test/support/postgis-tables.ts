import type { FeatureCollection } from 'geojson';
import type { Client } from 'pg';

/**
 * A temporary table of one client: `n` is the feature's place, geometries repaired as tier 1 repairs them unless they
 * are wanted as they are.
 */
export async function load(
  client: Client,
  table: string,
  { features }: FeatureCollection,
  { asTheyAre = false, srid = 0 } = {},
): Promise<void> {
  await client.query(`create temp table ${table} (n int, state text, geom geometry)`);
  const rows = features.map(({ geometry, properties }, n) => ({
    n,
    state: properties?.state ?? null,
    geometry,
  }));
  const geometry = `st_setsrid(st_geomfromgeojson(r->>'geometry'), ${srid})`;
  const wanted = asTheyAre ? geometry : `st_makevalid(${geometry}, 'method=structure keepcollapsed=false')`;
  for (let at = 0; at < rows.length; at += 500) {
    await client.query(
      `insert into ${table} select (r->>'n')::int, r->>'state', ${wanted} from jsonb_array_elements($1::jsonb) r`,
      [JSON.stringify(rows.slice(at, at + 500))],
    );
  }
  await client.query(`create index on ${table} using gist (geom)`);
  await client.query(`analyze ${table}`);
}
