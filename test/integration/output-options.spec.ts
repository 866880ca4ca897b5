import { readdirSync } from 'node:fs';
import type { FeatureCollection } from 'geojson';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inPostgis } from '../support/in-postgis.js';
import { load } from '../support/postgis-tables.js';
import { counties, countries } from '../support/real-data.js';
import { runProcess } from '../support/run-process.js';
import {
  attemptOf,
  outcomeOf,
  shippedProcess,
  startInProcessTier,
  type TierHarness,
} from '../support/tier-harness.js';

let harness: TierHarness;
beforeAll(async () => {
  harness = await startInProcessTier();
});
afterAll(() => harness.close());

const processes = readdirSync('processes')
  .filter((file) => file.endsWith('.yaml'))
  .map(shippedProcess);
const SQUARE = 'POLYGON ((7 46, 7.1 46, 7.1 46.1, 7 46.1, 7 46))';

describe('outputCrs', () => {
  it('is taken by every process that gives features', () => {
    for (const { inputs, outputs, handlers } of processes) {
      if (Object.keys(handlers).join() !== 'in-process') continue;
      const names = Object.entries(inputs).flatMap(([name, { aliases }]) => [name, ...aliases]);
      const gives = Object.values(outputs).some(({ type }) => type === 'features');
      expect(names.includes('outputCrs')).toBe(gives);
      expect(names.includes('coordinatePrecision')).toBe(gives);
    }
  });

  it('gives every output of features in that system, with the crs member', async () => {
    const plain = await runProcess(harness, 'validate', {
      features: 'POLYGON ((7 46, 8 47, 8 46, 7 47, 7 46))',
    });
    const asked = await runProcess(harness, 'validate', {
      features: 'POLYGON ((7 46, 8 47, 8 46, 7 47, 7 46))',
      outputCrs: 'http://www.opengis.net/def/crs/EPSG/0/2056',
    });
    for (const output of ['result', 'faults']) {
      const expected = (
        await runProcess(harness, 'reproject', { features: plain[output], targetCrs: 'EPSG:2056' })
      ).result;
      expect(asked[output]).toEqual(expected);
      expect(asked[output].crs.properties.name).toBe('urn:ogc:def:crs:EPSG::2056');
    }
  });

  it('brings planar data to longitude and latitude, without a crs member', async () => {
    const { result } = await runProcess(harness, 'buffer', {
      features: 'SRID=2056;POINT (2600000 1200000)',
      distance: 100,
      outputCrs: 'OGC:CRS84',
    });
    expect(result.crs).toBeUndefined();
    const [[lon, lat]] = result.features[0].geometry.coordinates[0];
    expect(Math.abs(lon - 7.4386)).toBeLessThan(0.002);
    expect(Math.abs(lat - 46.951)).toBeLessThan(0.002);
  });

  it.each([
    ['EPSG:27700', /needs grid files/],
    ['EPSG:99999', /not supported/],
  ])('%s is refused', async (outputCrs, reason) => {
    const attempt = attemptOf(shippedProcess('centroid.yaml'), { inputs: { features: SQUARE, outputCrs } });
    const outcome = await outcomeOf(harness.tier, attempt);
    expect(outcome).toMatchObject({ kind: 'failed', failure: { reason: 'invalid-input' } });
    expect(outcome.kind === 'failed' && outcome.failure.message).toMatch(reason);
  });
});

describe('coordinatePrecision', () => {
  const decimalsOf = (text: string): number =>
    (text.match(/\.\d+/g) ?? []).reduce((most, part) => Math.max(most, part.length - 1), 0);

  it.each([0, 2, 6])(
    '%d decimals: borders stay valid, and none moves by more than the rounding',
    async (decimals) => {
      const before = (
        await runProcess(harness, 'make-valid', { features: decimals === 2 ? countries() : counties() })
      ).result as FeatureCollection;
      const { result } = await runProcess(harness, 'make-valid', {
        features: before,
        coordinatePrecision: decimals,
      });
      for (const { geometry } of result.features)
        expect(decimalsOf(JSON.stringify(geometry))).toBeLessThanOrEqual(decimals);
      const rows = await inPostgis(async (client) => {
        await load(client, 'before', before, { asTheyAre: true });
        await load(client, 'after', result, { asTheyAre: true });
        // Islands and bays narrower than the grid go, so the distance between outlines says little below some decimals.
        const moved = decimals === 6 ? 'st_hausdorffdistance(st_boundary(a.geom), st_boundary(b.geom))' : '0';
        const sql = `select st_isvalid(a.geom) as valid, ${moved} as moved from before b join after a using (n) where a.geom is not null`;
        return (await client.query(sql)).rows as { valid: boolean; moved: number }[];
      });
      expect(rows.every(({ valid }) => valid)).toBe(true);
      if (decimals === 6) for (const { moved } of rows) expect(moved).toBeLessThan(1e-5);
    },
  );

  it('says what it had to redraw, and what has nothing left', async () => {
    const bowTie = 'POLYGON ((0 0, 1.4 0.6, 3 0, 3 1, 1.6 0.4, 0 1, 0 0))';
    const tiny = {
      type: 'Feature',
      id: 'tiny',
      properties: null,
      geometry: {
        type: 'Polygon',
        coordinates: [
          [
            [5, 5],
            [5.1, 5],
            [5.1, 5.1],
            [5, 5],
          ],
        ],
      },
    };
    const tell = async (features: unknown): Promise<any> =>
      outcomeOf(
        harness.tier,
        attemptOf(shippedProcess('make-valid.yaml'), { inputs: { features, coordinatePrecision: 0 } }),
      );
    expect((await tell(tiny)).messages[0].text).toMatch(/nothing left: feature "tiny"/);
    const repaired = (await runProcess(harness, 'make-valid', { features: bowTie })).result;
    expect((await tell(repaired)).messages[0].text).toMatch(/redrawn/);
    expect((await tell('LINESTRING (0 0, 0.1 0.1, 3 3)')).messages).toEqual([]);
  });

  it('rounds lines and points, drops repeats, and leaves properties alone', async () => {
    const { result } = await runProcess(harness, 'densify', {
      features: {
        type: 'Feature',
        properties: { exact: 1.23456789 },
        geometry: {
          type: 'LineString',
          coordinates: [
            [0, 0],
            [0.00012, 0.00012],
            [1, 1],
          ],
        },
      },
      maxSegmentLength: 1e9,
      coordinatePrecision: 3,
    });
    expect(result.features[0]).toMatchObject({
      properties: { exact: 1.23456789 },
      geometry: {
        coordinates: [
          [0, 0],
          [1, 1],
        ],
      },
    });
  });

  it('works after the change of system, on counties', async () => {
    const texas: FeatureCollection = {
      type: 'FeatureCollection',
      features: counties().features.filter(({ properties }) => properties!.state === '48'),
    };
    const { result } = await runProcess(harness, 'convex-hull', {
      features: texas,
      scope: 'each',
      outputCrs: 'EPSG:5070',
      coordinatePrecision: 1,
    });
    expect(result.features).toHaveLength(texas.features.length);
    expect(decimalsOf(JSON.stringify(result.features.map(({ geometry }: any) => geometry)))).toBe(1);
  });
});
