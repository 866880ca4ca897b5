import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readOgcExecuteRequest } from '../../../execution-adapter/worker.js';
import type { ReferencesWanted } from '../../../execution/index.js';
import { loadDefinition, type ProcessDefinition } from '../../../registry/index.js';
import { AppError } from '../../../shared/app-error.js';
import type { ComputeTask } from '../task-protocol.js';
import { readRequest, type ReadRequest } from './read-request.js';

const root = resolve(import.meta.dirname, '../../../..');
const shipped = (file: string): ProcessDefinition =>
  loadDefinition(file, readFileSync(join(root, 'processes', file), 'utf8')).entry!.definition;
const buffer = shipped('buffer.yaml');

function read(body: string | Uint8Array, definition = buffer, limits = {}): ReadRequest {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  const task = {
    source: { bytes },
    surface: 'ogc-processes',
    definition,
    limits: { maxFeatures: 100, maxVertices: 1000, ...limits },
  } as unknown as ComputeTask;
  return readRequest(task, { 'ogc-processes': readOgcExecuteRequest }, 2 ** 30);
}

const json = (body: unknown): string => JSON.stringify(body);

function refusal(body: string | Uint8Array, limits = {}): AppError {
  try {
    read(body, buffer, limits);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('was not refused');
}

const POINT = { type: 'Point', coordinates: [8, 47] };
const feature = (geometry: unknown, more = {}): unknown => ({
  type: 'Feature',
  properties: {},
  geometry,
  ...more,
});
const collection = (...features: unknown[]): unknown => ({ type: 'FeatureCollection', features });
const request = (features: unknown, distance: unknown = 10): string =>
  json({ inputs: { features, distance } });
const ring = (...coordinates: unknown[]): unknown => ({ type: 'Polygon', coordinates: [coordinates] });
const deep = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);

describe('a request that cannot be run', () => {
  it.each<[string, string, string, RegExp]>([
    ['no JSON at all', 'inputs=1', '', /not valid JSON/],
    ['an empty body', '', '', /not valid JSON/],
    ['an array', '[]', '', /must be a JSON object/],
    ['null', 'null', '', /must be a JSON object/],
    ['unknown members', '{"invalid-execute-request":"true)"}', '/invalid-execute-request', /no member/],
    ['inputs of a wrong type', '{"inputs":[]}', '/inputs', /must be an object/],
    ['no inputs', '{}', '/inputs/features', /is required/],
    [
      'an unknown input',
      json({ inputs: { features: POINT, distance: 1, colour: 'red' } }),
      '/inputs/colour',
      /no input of this name/,
    ],
    [
      'a name in the wrong case',
      json({ inputs: { Features: POINT, distance: 1 } }),
      '/inputs/Features',
      /no input of this name/,
    ],
    [
      'an input given twice',
      json({ inputs: { features: POINT, geometries: POINT, distance: 1 } }),
      '/inputs/geometries',
      /given twice/,
    ],
    [
      '__proto__ as an input',
      '{"inputs":{"__proto__":{"features":1},"distance":1}}',
      '/inputs/__proto__',
      /no input/,
    ],
    ['__proto__ as the body', '{"__proto__":{"inputs":{}}}', '/__proto__', /no member/],
    ['a distance that is a text', request(POINT, '10'), '/inputs/distance', /must be a number/],
    [
      '1e999',
      '{"inputs":{"features":{"type":"Point","coordinates":[1e999,0]},"distance":1}}',
      '/inputs/features/coordinates/0',
      /finite/,
    ],
    [
      'a distance of 1e999',
      `{"inputs":{"features":${json(POINT)},"distance":1e999}}`,
      '/inputs/distance',
      /finite/,
    ],
    ['NaN', '{"inputs":{"features":"POINT (0 0)","distance":NaN}}', '', /not valid JSON/],
    [
      'an unknown unit',
      request(POINT, { value: 1, unit: 'parsec' }),
      '/inputs/distance/unit',
      /must be one of meters/,
    ],
    [
      'degrees',
      request(POINT, { value: 1, unit: 'degrees' }),
      '/inputs/distance/unit',
      /degrees are no length/,
    ],
    [
      'a strange member of a length',
      request(POINT, { value: 1, unit: 'm', x: 1 }),
      '/inputs/distance',
      /value and unit only/,
    ],
    [
      'an unknown unit input',
      json({ inputs: { features: POINT, distance: 1, unit: 'parsec' } }),
      '/inputs/unit',
      /no unit/,
    ],
    [
      'too few segments',
      json({ inputs: { features: POINT, distance: 1, segments: 3 } }),
      '/inputs/segments',
      /at least 16/,
    ],
    [
      'a broken number of segments',
      json({ inputs: { features: POINT, distance: 1, segments: 16.5 } }),
      '/inputs/segments',
      /whole/,
    ],
    ['features that are a number', request(5), '/inputs/features', /must be a GeoJSON/],
    ['features that are a list', request([POINT]), '/inputs/features', /must be a GeoJSON/],
    [
      'a strange type',
      request({ type: 'Circle', coordinates: [0, 0] }),
      '/inputs/features/type',
      /no type of geometry/,
    ],
    [
      'a type from the prototype',
      request({ type: 'constructor', coordinates: [0, 0] }),
      '/inputs/features/type',
      /no type of geometry/,
    ],
    ['no coordinates', request({ type: 'Point' }), '/inputs/features/coordinates', /must be an array/],
    [
      'an empty point',
      request({ type: 'Point', coordinates: [] }),
      '/inputs/features/coordinates',
      /is empty/,
    ],
    [
      'an empty polygon',
      request({ type: 'Polygon', coordinates: [] }),
      '/inputs/features/coordinates',
      /is empty/,
    ],
    [
      'an empty ring',
      request({ type: 'Polygon', coordinates: [[]] }),
      '/inputs/features/coordinates/0',
      /is empty/,
    ],
    [
      'one number',
      request({ type: 'Point', coordinates: [1] }),
      '/inputs/features/coordinates',
      /two numbers/,
    ],
    [
      'four numbers',
      request({ type: 'Point', coordinates: [1, 2, 3, 4] }),
      '/inputs/features/coordinates',
      /more than three/,
    ],
    [
      'five numbers',
      request({ type: 'Point', coordinates: [1, 2, 3, 4, 5] }),
      '/inputs/features/coordinates',
      /more than three/,
    ],
    [
      'texts for numbers',
      request({ type: 'Point', coordinates: ['1', '2'] }),
      '/inputs/features/coordinates/0',
      /must be a number/,
    ],
    [
      'a line of one',
      request({ type: 'LineString', coordinates: [[0, 0]] }),
      '/inputs/features/coordinates',
      /at least 2/,
    ],
    [
      'a line nested too deep',
      request({
        type: 'LineString',
        coordinates: [
          [
            [0, 0],
            [1, 1],
          ],
        ],
      }),
      '/inputs/features/coordinates/0/0',
      /must be a number/,
    ],
    [
      'a polygon nested too little',
      request({
        type: 'Polygon',
        coordinates: [
          [0, 0],
          [1, 1],
        ],
      }),
      '/inputs/features/coordinates/0/0',
      /position/,
    ],
    [
      'an unclosed ring',
      request(ring([0, 0], [1, 0], [1, 1], [0, 1])),
      '/inputs/features/coordinates/0',
      /not closed/,
    ],
    [
      'a ring of three',
      request(ring([0, 0], [1, 0], [0, 0])),
      '/inputs/features/coordinates/0',
      /at least 4/,
    ],
    [
      'mixed dimensions',
      request({
        type: 'LineString',
        coordinates: [
          [0, 0],
          [1, 1, 1],
        ],
      }),
      '/inputs/features/coordinates/1',
      /with and without height/,
    ],
    [
      'a latitude beyond 90',
      request(collection(feature(POINT), feature({ type: 'Point', coordinates: [0, 90.0000001] }))),
      '/inputs/features/features/1/geometry/coordinates/1',
      /between -90 and 90/,
    ],
    [
      'a feature that is none',
      request(collection(POINT)),
      '/inputs/features/features/0',
      /must be a GeoJSON Feature/,
    ],
    [
      'an id that is an object',
      request(feature(POINT, { id: {} })),
      '/inputs/features/id',
      /text or a number/,
    ],
    [
      'properties that are a list',
      request(feature(POINT, { properties: [] })),
      '/inputs/features/properties',
      /object or null/,
    ],
    [
      'an unknown system',
      request({ ...POINT, crs: { type: 'name', properties: { name: 'EPSG:1' } } }),
      '/inputs/features/crs',
      /not supported/,
    ],
    [
      'a system that needs grids',
      request({ ...POINT, crs: { type: 'name', properties: { name: 'EPSG:27700' } } }),
      '/inputs/features/crs',
      /grid files/,
    ],
    ['broken WKT', request('POINT (1 2'), '/inputs/features', /WKT is wrong at character 11/],
    ['measured WKT', request('POINT M (1 2 3)'), '/inputs/features', /not supported/],
    [
      'an unknown output',
      json({ inputs: {}, outputs: { nothing: {} } }),
      '/outputs/nothing',
      /no output of this name/,
    ],
    [
      'an output format it has not',
      json({ inputs: {}, outputs: { result: { format: { mediaType: 'image/png' } } } }),
      '/outputs/result/format/mediaType',
      /must be one of/,
    ],
    ['a response it has not', json({ inputs: {}, response: 'xml' }), '/response', /raw or document/],
    [
      'a subscriber that is no URI',
      json({ inputs: {}, subscriber: { successUri: 'here' } }),
      '/subscriber/successUri',
      /URI/,
    ],
  ])('%s', (_name, body, path, message) => {
    const error = refusal(body);
    expect(error.kind).toBe('invalid-input');
    expect(error.faults[0]).toMatchObject({ path, message: expect.stringMatching(message) });
  });

  it('is refused for nesting without end, wherever that is', () => {
    for (const body of [
      deep(100_000),
      `{"inputs":${deep(100_000)}}`,
      `{"inputs":{"features":{"type":"Polygon","coordinates":${deep(100_000)}},"distance":1}}`,
      `{"inputs":{"features":{"type":"Feature","geometry":null,"properties":{"a":${deep(100_000)}}},"distance":1}}`,
      `{"inputs":{"distance":${deep(100_000)}}}`,
      `{"inputs":{},"outputs":${deep(100_000)}}`,
    ]) {
      expect(refusal(body).kind).toBe('invalid-input');
    }
    let nested: unknown = POINT;
    for (let i = 0; i < 20; i++) nested = { type: 'GeometryCollection', geometries: [nested] };
    expect(refusal(request(nested)).faults[0]!.message).toMatch(/nested too deeply/);
    expect(refusal(request('GEOMETRYCOLLECTION ('.repeat(50_000))).faults[0]!.message).toMatch(
      /nested too deeply/,
    );
  });

  it('is too large with more features or vertices than allowed', () => {
    const many = collection(...Array.from({ length: 101 }, () => feature(null)));
    expect(refusal(request(many))).toMatchObject({ kind: 'too-large', code: 'too-many-features' });
    const long = { type: 'LineString', coordinates: Array.from({ length: 1001 }, (_, i) => [i / 1000, 0]) };
    expect(refusal(request(long))).toMatchObject({ kind: 'too-large', code: 'too-many-vertices' });
  });

  it('is refused when it is not UTF-8', () => {
    expect(refusal(new Uint8Array([0x7b, 0xff, 0x7d])).message).toMatch(/UTF-8/);
  });

  it('says which values it names are not there, all at once', () => {
    const link = { href: 'http://example.org/x.json', type: 'application/geo+json' };
    const wanted = refusal(json({ inputs: { features: link, distance: { href: 'http://example.org/d' } } }));
    expect((wanted as ReferencesWanted).references).toEqual([
      { href: link.href, mediaType: link.type, path: '/inputs/features', isFeatures: true },
      { href: 'http://example.org/d', path: '/inputs/distance' },
    ]);
  });

  it('tells all its faults at once', () => {
    const { faults } = refusal(json({ inputs: { distance: 'x', segments: 1 } }));
    expect(faults.map(({ path }) => path)).toEqual([
      '/inputs/features',
      '/inputs/distance',
      '/inputs/segments',
    ]);
  });

  const suite = ['../shared', '../../shared']
    .map((beside) => join(root, beside, 'data/json-test-suite'))
    .find((folder) => existsSync(folder));
  it.skipIf(suite === undefined)('agrees with the JSON test suite beside the project on what is JSON', () => {
    const texts = readdirSync(suite!).filter((name) => /^[yni]_.*\.json$/.test(name));
    expect(texts.length).toBeGreaterThan(300);
    for (const name of texts) {
      const error = refusal(readFileSync(join(suite!, name)));
      expect(error.kind, name).toBe('invalid-input');
      if (name.startsWith('y_')) expect(error.message, name).not.toMatch(/not valid JSON/);
      if (name.startsWith('n_')) expect(error.message, name).toMatch(/not valid JSON|not valid UTF-8/);
    }
  });
});

describe('a request that can be run', () => {
  it('is measured, its scalars in metres under their own names', () => {
    const body = json({
      inputs: {
        geometries: collection(feature(POINT, { id: 0 }), feature(null)),
        distance: { value: 2, unit: 'Kilometers' },
      },
      outputs: { result: { transmissionMode: 'reference' } },
      response: 'document',
      mode: 'async',
      subscriber: { successUri: 'https://example.org/done' },
    });
    const { summary, options, expression } = read(body);
    expect(summary).toEqual({
      bytes: body.length,
      features: 2,
      vertices: 1,
      bbox: [8, 47, 8, 47],
      scalars: { distance: 2000, segments: 16 },
    });
    expect(options).toMatchObject({
      response: 'document',
      mode: 'async',
      subscriber: { successUri: 'https://example.org/done' },
    });
    expect({ ...options.outputs }).toEqual({ result: { transmission: 'reference' } });
    expect(expression.features('features').features[0]!.id).toBe(0);
  });

  it.each<[string, unknown, number]>([
    ['a bare number', 5, 5],
    ['a qualified value', { value: 5, mediaType: 'application/json' }, 5],
    ['a length', { value: 5, unit: 'km' }, 5000],
    ['a qualified length', { value: { value: 1, unit: 'nautical miles' } }, 1852],
  ])('takes %s for a distance', (_name, distance, meters) => {
    expect(read(request(POINT, distance)).summary.scalars.distance).toBe(meters);
  });

  it('takes the unit beside the distance', () => {
    const { summary } = read(json({ inputs: { features: POINT, distance: 3, unit: 'US_Survey Foot' } }));
    expect(summary.scalars.distance).toBeCloseTo(3 * (1200 / 3937), 12);
  });

  it.each<[string, unknown]>([
    ['a collection', collection(feature(POINT))],
    ['an empty collection', collection()],
    ['a feature', feature(POINT)],
    ['a geometry', POINT],
    ['a qualified value', { value: POINT, mediaType: 'application/geo+json' }],
    [
      'the older form of a qualified value',
      { value: POINT, format: { mediaType: 'application/geo+json', encoding: 'utf8' } },
    ],
    ['text', 'SRID=32632;MULTIPOINT Z ((1 2 3), (4 5 6))'],
    [
      'planar data',
      {
        ...POINT,
        coordinates: [500_000, 5_200_000],
        crs: { type: 'name', properties: { name: 'urn:ogc:def:crs:EPSG::32632' } },
      },
    ],
    ['longitudes beyond 180', { type: 'Point', coordinates: [540, 0] }],
    [
      'heights',
      {
        type: 'LineString',
        coordinates: [
          [0, 0, 1],
          [1, 1, 2],
        ],
      },
    ],
    ['a null geometry', feature(null)],
  ])('takes features as %s', (_name, features) => {
    expect(read(request(features)).expression.features('features').features.length).toBeLessThan(2);
  });

  it('keeps attributes with dangerous names as they are', () => {
    const text = `{"inputs":{"features":{"type":"Feature","geometry":null,"properties":{"__proto__":{"admin":true},"constructor":1}},"distance":1}}`;
    const { properties } = read(text).expression.features('features').features[0]!;
    expect(JSON.stringify(properties)).toBe('{"__proto__":{"admin":true},"constructor":1}');
    expect(({} as Record<string, unknown>).admin).toBeUndefined();
  });

  it('takes an array as several values where several may be given', () => {
    const dissolve = shipped('dissolve.yaml');
    const by = (value: unknown): string[] =>
      read(json({ inputs: { features: collection(), by: value } }), dissolve).expression.texts('by');
    expect(by('a')).toEqual(['a']);
    expect(by(['a', { value: 'b' }])).toEqual(['a', 'b']);
  });
});
