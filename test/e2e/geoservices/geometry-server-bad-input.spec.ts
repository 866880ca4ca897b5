import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../../support/app.js';
import { faultOf, geometryService } from '../../support/geometry-client.js';

/** Whatever is sent to the geometry service: Esri's envelope, which says what is wrong, and where. */
let server: TestServer;
beforeAll(async () => {
  server = await startServer({
    Limits__MaxInputFeatures: '50',
    Limits__MaxInputVertices: '1000',
    Limits__MaxInputSizeBytes: '1MiB',
    Limits__MaxInlineDuration: '5s',
  });
});
afterAll(() => server.close());

const polygons = {
  geometryType: 'esriGeometryPolygon',
  geometries: [
    {
      rings: [
        [
          [0, 0],
          [0, 1],
          [1, 1],
          [0, 0],
        ],
      ],
    },
  ],
};
const polygon = { geometryType: 'esriGeometryPolygon', geometry: polygons.geometries[0] };

const line = {
  paths: [
    [
      [-1, 0.5],
      [2, 0.6],
    ],
  ],
};

const WORLD = {
  geometryType: 'esriGeometryPolygon',
  geometries: [{ xmin: -90, ymin: -60, xmax: 90, ymax: 60 }],
};

/** A request that each operation answers well, and what it must have. */
const GOOD: Record<string, { parameters: Record<string, unknown>; geometry: string }> = {
  areasAndLengths: { parameters: { polygons: polygons.geometries, sr: 4326 }, geometry: 'polygons' },
  autoComplete: {
    parameters: { polygons: polygons.geometries, polylines: [line], sr: 4326 },
    geometry: 'polylines',
  },
  buffer: {
    parameters: { geometries: polygons, inSR: 4326, distances: 1, unit: 9001 },
    geometry: 'geometries',
  },
  convexHull: { parameters: { geometries: polygons, sr: 4326 }, geometry: 'geometries' },
  cut: { parameters: { target: polygons, cutter: line, sr: 4326 }, geometry: 'target' },
  densify: { parameters: { geometries: polygons, sr: 4326, maxSegmentLength: 1 }, geometry: 'geometries' },
  difference: { parameters: { geometries: polygons, geometry: polygon, sr: 4326 }, geometry: 'geometries' },
  distance: { parameters: { geometry1: polygon, geometry2: polygon, sr: 4326 }, geometry: 'geometry1' },
  generalize: { parameters: { geometries: polygons, sr: 4326, maxDeviation: 1 }, geometry: 'geometries' },
  intersect: { parameters: { geometries: polygons, geometry: polygon, sr: 4326 }, geometry: 'geometries' },
  labelPoints: { parameters: { polygons: polygons.geometries, sr: 4326 }, geometry: 'polygons' },
  lengths: {
    parameters: {
      polylines: [
        {
          paths: [
            [
              [0, 0],
              [1, 1],
            ],
          ],
        },
      ],
      sr: 4326,
    },
    geometry: 'polylines',
  },
  offset: { parameters: { geometries: polygons, sr: 4326, offsetDistance: 0.1 }, geometry: 'geometries' },
  project: { parameters: { geometries: polygons, inSR: 4326, outSR: 3857 }, geometry: 'geometries' },
  relation: {
    parameters: { geometries1: polygons, geometries2: polygons, sr: 4326 },
    geometry: 'geometries1',
  },
  reshape: { parameters: { target: polygon, reshaper: line, sr: 4326 }, geometry: 'reshaper' },
  simplify: { parameters: { geometries: polygons, sr: 4326 }, geometry: 'geometries' },
  trimExtend: {
    parameters: { polylines: [line], trimExtendTo: line, sr: 4326 },
    geometry: 'polylines',
  },
  union: { parameters: { geometries: polygons, sr: 4326 }, geometry: 'geometries' },
};

const BAD_GEOMETRIES: Record<string, unknown> = {
  'no JSON': '{"geometries":[',
  'a word': 'everything',
  'a number': 7,
  'a url': { url: 'http://127.0.0.1:22/' },
  'no geometry': {
    geometryType: 'esriGeometryPolygon',
    geometries: [{ circles: [] }],
    geometry: { circles: [] },
  },
  'positions that are none': { geometries: [{ rings: [[['a', 'b']]] }], geometry: { rings: [[['a', 'b']]] } },
  'an unknown type': { geometryType: 'esriGeometryBlob', geometries: [], geometry: null },
  'NaN in text': '[{"x":NaN,"y":1}]',
  'deep nesting': `${'['.repeat(5000)}${']'.repeat(5000)}`,
};

async function expectEnvelope(operation: string, parameters: Record<string, unknown>): Promise<string> {
  const error = await faultOf(server.url, operation, parameters);
  expect(error, `${operation} ${JSON.stringify(parameters).slice(0, 200)}`).toBeDefined();
  expect(error.code).toBeGreaterThanOrEqual(400);
  expect(error.code, JSON.stringify(error)).toBeLessThan(500);
  expect(error.details.length).toBeGreaterThan(0);
  return error.details.join(' ');
}

describe.each(Object.entries(GOOD))('%s', (operation, { parameters, geometry }) => {
  it('answers the request that the others are made from', async () => {
    const fault = await faultOf(server.url, operation, parameters);
    expect(fault).toBeUndefined();
  });

  it.each(Object.entries(BAD_GEOMETRIES))('refuses geometries that are %s', async (_, bad) => {
    expect(await expectEnvelope(operation, { ...parameters, [geometry]: bad })).toContain(geometry);
  });

  it('refuses to do without what it needs', async () => {
    for (const name of Object.keys(parameters).filter((one) => one !== 'unit')) {
      const others = Object.fromEntries(Object.entries(parameters).filter(([one]) => one !== name));
      expect(await expectEnvelope(operation, others)).toContain(`${name} is missing`);
    }
  });

  it('refuses a spatial reference that is none, or that it does not know', async () => {
    const name = Object.keys(parameters).find((one) => /sr$/i.test(one))!;
    for (const bad of ['mars', -1, 27700, { wkid: 'x' }, '{"wkid":', { wkt: 'PROJCS["x"]' }, [4326]])
      expect(await expectEnvelope(operation, { ...parameters, [name]: bad })).toContain(name);
  });
});

describe('limits', () => {
  const points = (count: number): string => Array.from({ length: 2 * count }, () => '1').join(',');

  it('hold for geometries, vertices, bytes, and results', async () => {
    const sr = 4326;
    expect(await expectEnvelope('convexHull', { geometries: points(51), sr })).toContain('50 geometries');
    const path = Array.from({ length: 1001 }, (_, i) => [i / 100, 0]);
    expect(await expectEnvelope('lengths', { polylines: [{ paths: [path] }], sr })).toContain(
      '1000 vertices',
    );
    const large = { geometries: ' '.repeat(1_100_000), sr };
    await expectEnvelope('convexHull', large);
    const buffers = { geometries: points(10), inSR: sr, distances: '1,2,3,4,5,6', unit: 9001 };
    expect(await expectEnvelope('buffer', buffers)).toContain('50 buffers');
    const line = [
      {
        paths: [
          [
            [0, 0],
            [100, 0],
          ],
        ],
      },
    ];
    await expectEnvelope('densify', { geometries: line, sr, maxSegmentLength: 1e-9 });
    await expectEnvelope('densify', { geometries: line, sr, maxSegmentLength: 1e-3 });
    expect(await expectEnvelope('densify', { geometries: line, sr, maxSegmentLength: 0 })).toContain(
      'maxSegmentLength',
    );
  });
});

describe('values', () => {
  it.each([
    ['buffer', { distances: 'far' }, 'distances'],
    ['buffer', { distances: '1,,2' }, 'distances'],
    ['buffer', { unit: 'parsecs' }, 'unit'],
    ['buffer', { distances: 6e6 }, '5000'],
    ['buffer', { outSR: 3857, distances: 4.9e6, geometries: '0,89' }, 'EPSG:3857'],
    ['areasAndLengths', { calculationType: 'roughly' }, 'calculationType'],
    ['areasAndLengths', { areaUnit: 'pounds' }, 'areaUnit'],
    ['lengths', { lengthUnit: 1 }, 'lengthUnit'],
    ['lengths', { polylines: polygons.geometries }, 'polylines'],
    ['relation', { relation: 'esriGeometryRelationLove' }, 'relation'],
    ['relation', { relation: 'esriGeometryRelationRelation', relationParam: 'TTT' }, 'relationParam'],
    ['relation', { relation: 'esriGeometryRelationRelation' }, 'relationParam'],
    ['cut', { cutter: { paths: [] } }, 'cutter'],
    ['cut', { cutter: { x: 1, y: 1 } }, 'cutter'],
    ['cut', { target: '1,1' }, 'target'],
    ['offset', { offsetHow: 'esriGeometryOffsetWild' }, 'offsetHow'],
    ['offset', { sr: 3857, offsetUnit: 9102 }, 'offsetUnit'],
    ['offset', { geometries: WORLD, offsetUnit: 9036 }, '400 km'],
    ['offset', { bevelRatio: -1 }, 'bevelRatio'],
    ['offset', { geometries: '1,1' }, 'geometries'],
    ['reshape', { target: { geometryType: 'esriGeometryPoint', geometry: { x: 1, y: 1 } } }, 'target'],
    ['trimExtend', { trimExtendTo: { paths: [] } }, 'trimExtendTo'],
    ['trimExtend', { polylines: polygons.geometries }, 'polylines'],
    ['generalize', { maxDeviation: -1 }, 'maxDeviation'],
    ['generalize', { maxDeviation: '1'.repeat(500) }, 'maxDeviation'],
    ['project', { geometries: '0,90' }, 'EPSG:3857'],
    [
      'distance',
      { geometry2: { geometryType: 'esriGeometryPolygon', geometry: { rings: [] } } },
      'geometry2',
    ],
  ])('%s with %j', async (operation, bad, told) => {
    expect(await expectEnvelope(operation, { ...GOOD[operation]!.parameters, ...bad })).toContain(told);
  });

  it('an operation that is not there says which are, and no method but two is taken', async () => {
    expect(await expectEnvelope('explode', {})).toContain('areasAndLengths, autoComplete, buffer');
    const reply = await fetch(`${geometryService(server.url, 'buffer')}?f=json`, { method: 'DELETE' });
    expect(reply.status).toBe(200);
    expect(await reply.json()).toHaveProperty('error.code', 400);
  });
});
