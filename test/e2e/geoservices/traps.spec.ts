import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GEOMETRY_OPERATION_NAMES } from '../../../src/execution-adapter/index.js';
import { Database } from '../../../src/database/index.js';
import { startServer, type TestServer } from '../../support/app.js';
import { ask, askWell, gp, pointSet, submitJob, untilOver } from '../../support/esri-client.js';
import { statusOf, submit } from '../../support/ogc-client.js';

/** One test for each trap that real clients fell into, or would. */
let server: TestServer;
const at = (path = '', service = 'GP'): string => gp(server.url, path, service);
const KM = { distance: 1, units: 'esriKilometers' };

beforeAll(async () => {
  server = await startServer({ Scheduling__ProgressEvery: '100ms' });
});
afterAll(() => server.close());

const widthOf = (set: any): number => {
  const xs = set.features.flatMap(({ geometry }: any) => geometry.rings.flat().map(([x]: number[]) => x));
  return Math.max(...xs) - Math.min(...xs);
};
const valueOf = async (task: string, parameters: Record<string, unknown>): Promise<any> =>
  (await askWell(at(`${task}/execute`), parameters)).results[0].value;

describe('requests', () => {
  it('every resource answers GET and POST with the same parameters', async () => {
    const { jobId } = await askWell(at('echo/submitJob'), { Echo: 'x' });
    await untilOver(at(`echo/jobs/${jobId}`));
    const job = `echo/jobs/${jobId}`;
    const paths = [
      '',
      'echo',
      job,
      `${job}/results`,
      `${job}/inputs`,
      `${job}/results/Output_Echo`,
      `${job}/inputs/Echo`,
    ];
    for (const path of paths)
      expect(await ask(at(path), {}, 'GET'), path).toEqual(await ask(at(path), {}, 'POST'));
    for (const path of [
      '/arcgis/rest/info',
      '/arcgis/rest/services',
      '/rest/info',
      '/rest/services',
      '/rest/services/GP/GPServer/echo',
    ])
      expect(await ask(server.url + path, {}, 'GET'), path).toEqual(await ask(server.url + path, {}, 'POST'));
    const [got, posted] = await Promise.all(
      ['GET', 'POST'].map((method) => ask(at('echo/execute'), { Echo: 'ü&=%' }, method)),
    );
    expect(got.results).toEqual(posted.results);
  });

  it('forms come urlencoded, as multipart and as JSON', async () => {
    const multipart = new FormData();
    multipart.set('f', 'json');
    multipart.set('Echo', 'a\r\nb');
    const asJson = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"Echo":"a\\r\\nb"}',
    };
    for (const init of [
      { method: 'POST', body: multipart },
      asJson,
      { method: 'POST', body: new URLSearchParams({ Echo: 'a\r\nb', f: 'json' }) },
    ]) {
      const answer = await (await fetch(at('echo/execute'), init)).json();
      expect(answer.results[0].value).toBe('a\r\nb');
    }
  });

  it('parameters of the query count beside those of the form', async () => {
    const reply = await fetch(`${at('echo/execute')}?f=json&Echo=query`, {
      method: 'POST',
      body: new URLSearchParams({ Pause: '0' }),
    });
    expect((await reply.json()).results[0].value).toBe('query');
  });

  it('names are taken in any case, and as the process itself has them', async () => {
    for (const [features, distance] of [
      ['Input_Features', 'Distance'],
      ['INPUT_FEATURES', 'distance'],
      ['input_features', 'DISTANCE'],
      ['features', 'distance'],
      ['geometries', 'eps'],
    ] as const) {
      const answer = await ask(at('buffer/execute'), { [features]: pointSet(8, 47), [distance]: KM });
      if (distance !== 'eps') expect(answer.results, `${features} ${distance}`).toHaveLength(1);
    }
    expect(
      (await ask(at('BUFFER/EXECUTE'), { features: pointSet(8, 47), distance: KM })).results,
    ).toHaveLength(1);
    for (const task of ['make-valid', 'make_valid', 'Make_Valid', 'make%20valid'])
      expect((await ask(at(task))).name, task).toBe('make_valid');
  });

  it('an empty text means that nothing was sent, as the Python client means it', async () => {
    const value = await valueOf('buffer', {
      Input_Features: pointSet(8, 47),
      Distance: KM,
      Unit: '',
      Segments: '',
    });
    expect(value.features[0].geometry.rings[0]).toHaveLength(65);
    const missing = await ask(at('buffer/execute'), { Input_Features: '', Distance: KM });
    expect(missing.error.details).toEqual(['Input_Features is required']);
  });

  it('texts are literal, not quoted; numbers and choices come as text', async () => {
    expect((await askWell(at('echo/execute'), { Echo: '"quoted"', Pause: ' 1e-3 ' })).results[0].value).toBe(
      '"quoted"',
    );
    const bowTie = {
      features: [
        {
          geometry: {
            rings: [
              [
                [0, 0],
                [2, 2],
                [2, 0],
                [0, 2],
                [0, 0],
              ],
            ],
          },
        },
      ],
    };
    expect(
      (await valueOf('make_valid', { Input_Features: bowTie, Method: 'STRUCTURE' })).features,
    ).toHaveLength(1);
  });

  it('several values come as JSON, or parted by semicolons', async () => {
    const squares = {
      features: ['a', 'a', 'b'].map((region, x) => ({
        attributes: { region, kind: 'k' },
        geometry: {
          rings: [
            [
              [x, 0],
              [x, 1],
              [x + 1, 1],
              [x + 1, 0],
              [x, 0],
            ],
          ],
        },
      })),
    };
    for (const By of ['["region","kind"]', 'region;kind'])
      expect((await valueOf('dissolve', { Input_Features: squares, By })).features).toHaveLength(2);
  });

  it('a linear unit without units is metres, and every unit is what it says', async () => {
    const width = async (Distance: unknown): Promise<number> =>
      widthOf(await valueOf('buffer', { Input_Features: pointSet(0, 0), Distance }));
    const metre = (await width({ distance: 1000 })) / 1000;
    expect(metre * 111_319.49 * 0.5).toBeCloseTo(1, 3);
    for (const [distance, meters] of [
      [{ distance: 1, units: 'esriKilometers' }, 1000],
      [{ distance: 1000, units: 'esriFeet' }, 304.8],
      [{ distance: 1000, units: 'esriYards' }, 914.4],
      [{ distance: 1, units: 'esriMiles' }, 1609.344],
      [{ distance: 1, units: 'esriNauticalMiles' }, 1852],
      [{ distance: 10_000, units: 'esriDecimeters' }, 1000],
      [{ distance: 1000, units: 'esriIntFeet' }, 304.8],
      ['2 Kilometers', 2000],
      ['2000', 2000],
    ] as const)
      expect((await width(distance)) / metre, JSON.stringify(distance)).toBeCloseTo(meters, 1);
    const degrees = await ask(at('buffer/execute'), {
      Input_Features: pointSet(0, 0),
      Distance: { distance: 1, units: 'esriDecimalDegrees' },
    });
    expect(degrees.error.details[0]).toMatch(/^Distance .*angle/);
  });

  it('an areal unit without units is square metres, and every unit is what it says', async () => {
    const rings = [
      [
        [0, 0],
        [0, 100],
        [100, 100],
        [100, 0],
        [0, 0],
      ],
    ];
    const features = {
      features: [{ attributes: {}, geometry: { rings, spatialReference: { wkid: 32632 } } }],
    };
    const isLeft = async (Minimum_Area: unknown): Promise<boolean> =>
      (await valueOf('dissolve', { Input_Features: features, Minimum_Area })).features[0].geometry !==
      undefined;
    for (const [left, gone] of [
      [{ area: 9999 }, { area: 10_001 }],
      [
        { area: 9999, units: 'esriSquareMeters' },
        { area: 10_001, units: 'esriSquareMeters' },
      ],
      [
        { area: 0.99, units: 'esriHectares' },
        { area: 1.01, units: 'esriHectares' },
      ],
      [
        { area: 2.47, units: 'esriAcres' },
        { area: 2.48, units: 'esriAcres' },
      ],
      [
        { area: 107_600, units: 'esriSquareFeet' },
        { area: 107_700, units: 'esriSquareFeet' },
      ],
      ['0.0099 SquareKilometers', '0.0101 SquareKilometers'],
      ['9999', '10001'],
    ])
      expect([await isLeft(left), await isLeft(gone)], JSON.stringify(left)).toEqual([true, false]);
    const { error } = await ask(at('dissolve/execute'), {
      Input_Features: features,
      Minimum_Area: { area: 1, units: 'esriMeters' },
    });
    expect(error.details[0]).toMatch(/^Minimum_Area .*areal/);
    const job = await submitJob(server.url, 'dissolve', {
      Input_Features: features,
      Minimum_Area: { area: 2, units: 'esriHectares' },
    });
    expect(await askWell(`${job}/inputs/Minimum_Area`)).toMatchObject({
      dataType: 'GPArealUnit',
      value: { area: 20_000, units: 'esriSquareMeters' },
    });
  });

  it('features without geometryType, fields and spatial reference are understood, with null keys ignored', async () => {
    const features = [
      {
        aggregateGeometries: null,
        geometry: { spatialReference: { wkid: 4326 }, x: 1, y: 2 },
        symbol: null,
        attributes: { name: 'a' },
        popupTemplate: null,
      },
    ];
    const value = await valueOf('buffer', { Input_Features: { features }, Distance: KM });
    expect(value.features[0].attributes).toMatchObject({ name: 'a' });
  });

  it('references to other hosts are refused, never fetched', async () => {
    for (const reference of [{ url: 'http://127.0.0.1:1/x' }, { portalItemID: 'x' }]) {
      const { error } = await ask(at('buffer/execute'), { Input_Features: reference, Distance: KM });
      expect(error.code).toBe(422);
      expect(error.details[0]).toMatch(/reference/);
    }
  });

  it('more than a URL or memory holds is taken, as a form and as multipart', async () => {
    const features = Array.from({ length: 3000 }, (_, i) => ({
      geometry: { x: (i % 100) / 10, y: Math.floor(i / 100) / 10 },
      attributes: { OBJECTID: i, name: `n ${i} & +%` },
    }));
    const set = JSON.stringify({ spatialReference: { wkid: 4326 }, features });
    const multipart = new FormData();
    multipart.set('Input_Features', set);
    multipart.set('Target_Crs', '102100');
    multipart.set('f', 'json');
    for (const body of [
      new URLSearchParams({ Input_Features: set, Target_Crs: '102100', f: 'json' }),
      multipart,
    ]) {
      const answer = await (await fetch(at('reproject/execute'), { method: 'POST', body })).json();
      const { features: found, spatialReference } = answer.results[0].value;
      expect(found).toHaveLength(3000);
      expect(found[2999].attributes).toEqual({ OBJECTID: 2999, name: 'n 2999 & +%' });
      expect(spatialReference).toEqual({ wkid: 102100, latestWkid: 3857 });
    }
  });

  it('booleans come in any case, as Python writes them', async () => {
    const high = {
      features: [
        {
          geometry: {
            hasZ: true,
            paths: [
              [
                [0, 0, 5],
                [1, 1, 6],
              ],
            ],
          },
        },
      ],
    };
    const line = async (more: object): Promise<any> =>
      (await valueOf('reproject', { Input_Features: high, Target_Crs: '4326', ...more })).features[0]
        .geometry;
    expect(await line({ returnZ: 'True' })).toEqual({
      hasZ: true,
      paths: [
        [
          [0, 0, 5],
          [1, 1, 6],
        ],
      ],
    });
    expect(await line({ returnZ: 'False' })).toEqual({
      paths: [
        [
          [0, 0],
          [1, 1],
        ],
      ],
    });
  });
});

describe('measures', () => {
  const measured = {
    hasM: true,
    spatialReference: { wkid: 4326 },
    features: [
      {
        attributes: {},
        geometry: {
          hasM: true,
          paths: [
            [
              [0, 0, 7],
              [1, 1, 8],
            ],
          ],
        },
      },
    ],
  };
  const warnings = (messages: { type: string; description: string }[]): string[] =>
    messages.filter(({ type }) => /Warning/.test(type)).map(({ description }) => description);

  it('are left behind, never taken for heights, and the messages say so', async () => {
    const parameters = { Input_Features: measured, Target_Crs: '4326', returnZ: 'true' };
    const { results, messages } = await askWell(at('reproject/execute'), parameters);
    expect(results[0].value.features[0].geometry).toEqual({
      paths: [
        [
          [0, 0],
          [1, 1],
        ],
      ],
    });
    expect(warnings(messages)).toEqual([expect.stringMatching(/^Measures \(M\)/)]);
    const job = await submitJob(server.url, 'reproject', parameters);
    expect(warnings((await untilOver(job)).messages)).toHaveLength(1);
  });

  it('that returnM asks for are not there, and the messages say so', async () => {
    const { messages } = await askWell(at('buffer/execute'), {
      Input_Features: pointSet(0, 0),
      Distance: KM,
      returnM: 'True',
    });
    expect(warnings(messages)).toEqual([expect.stringContaining('returnM')]);
    const quiet = await askWell(at('buffer/execute'), {
      Input_Features: pointSet(0, 0),
      Distance: KM,
      returnM: 'False',
    });
    expect(warnings(quiet.messages)).toEqual([]);
  });
});

describe('spatial references', () => {
  it('context says them too, and what of it is not known is ignored', async () => {
    const context = { outSR: { wkid: 102100 }, processSR: null, extent: null, cellSize: 1 };
    const set = await valueOf('buffer', { Input_Features: pointSet(8, 47), Distance: KM, context });
    expect(set.spatialReference).toEqual({ wkid: 102100, latestWkid: 3857 });
    const bad = await ask(at('buffer/execute'), {
      Input_Features: pointSet(8, 47),
      Distance: KM,
      context: '[1',
    });
    expect(bad.error.details[0]).toMatch(/^context/);
  });

  it('without outSR an answer is in that of the input', async () => {
    const value = await valueOf('buffer', {
      Input_Features: pointSet(924987, 5952000, 102100),
      Distance: KM,
    });
    expect(value.spatialReference).toEqual({ wkid: 102100, latestWkid: 3857 });
    expect(widthOf(value)).toBeCloseTo(2000, 0);
  });

  it.each([
    ['env:outSR as a code', { 'env:outSR': '102100' }],
    ['env:outSR as JSON', { 'env:outSR': '{"wkid":102100}' }],
    ['context', { context: { outSR: { wkid: 102100 }, extent: null, processSR: null } }],
    ['names in another case', { 'ENV:OUTSR': '3857' }],
  ])('%s is honoured', async (_, more) => {
    const value = await valueOf('buffer', { Input_Features: pointSet(8.3, 47), Distance: KM, ...more });
    expect(value.spatialReference.latestWkid).toBe(3857);
    expect(value.features[0].geometry.rings[0][0][0]).toBeGreaterThan(900_000);
  });

  it('processSR is computed in, and answered in where outSR is absent', async () => {
    const parameters = { Input_Features: pointSet(8.3, 47), Distance: KM, 'env:processSR': '32632' };
    const value = await valueOf('buffer', parameters);
    expect(value.spatialReference.wkid).toBe(32632);
    expect(widthOf(value)).toBeCloseTo(2000, 3);
    const back = await valueOf('buffer', { ...parameters, 'env:outSR': '4326' });
    expect(back.spatialReference.wkid).toBe(4326);
  });

  it('inputs in different systems meet in the first', async () => {
    const square = (size: number, wkid: number): object => ({
      spatialReference: { wkid },
      features: [
        {
          geometry: {
            rings: [
              [
                [0, 0],
                [0, size],
                [size, size],
                [size, 0],
                [0, 0],
              ],
            ],
          },
        },
      ],
    });
    const value = await valueOf('intersection', {
      Input_Features: square(2, 4326),
      Overlay: square(111_319.490793, 102100),
    });
    expect(value.spatialReference.wkid).toBe(4326);
    expect(widthOf(value)).toBeCloseTo(1, 6);
  });

  it('one that cannot be computed in is refused by name', async () => {
    const { error } = await ask(at('buffer/execute'), {
      Input_Features: pointSet(1, 1, 27700),
      Distance: KM,
    });
    expect(error.details[0]).toMatch(/^Input_Features.*27700 needs grid files/);
  });

  it('a later look may ask for another', async () => {
    const job = await submitJob(server.url, 'buffer', {
      Input_Features: pointSet(8, 47),
      Distance: KM,
      'env:outSR': '102100',
    });
    await untilOver(job);
    const wkid = async (more: object): Promise<number> =>
      (await askWell(`${job}/results/Output_Features`, { ...more })).value.spatialReference.wkid;
    expect(await wkid({})).toBe(102100);
    expect(await wkid({ outSR: '{"wkid":4326}' })).toBe(4326);
  });
});

describe('answers', () => {
  it('HTML is the default, and JSON only where it is asked for', async () => {
    for (const path of [
      '/arcgis/rest/services',
      '/arcgis/rest/info',
      '/arcgis/rest/services/GP/GPServer/buffer',
    ]) {
      const reply = await fetch(server.url + path);
      expect(reply.headers.get('content-type'), path).toMatch(/^text\/html/);
    }
    const pretty = await (await fetch(`${at('buffer')}?f=pjson`)).text();
    expect(pretty).toMatch(/^\{\n {2}"name": "buffer"/);
  });

  it('a callback is the name of a function, or an error', async () => {
    const call = async (callback: string): Promise<[string, string]> => {
      const reply = await fetch(
        `${at('echo/execute')}?f=json&Echo=x&callback=${encodeURIComponent(callback)}`,
      );
      return [reply.headers.get('content-type')!, await reply.text()];
    };
    const [type, script] = await call('window._EsriLeafletCallbacks.c1');
    expect(type).toMatch(/^text\/javascript/);
    expect(script).toMatch(/^\/\*\*\/window\._EsriLeafletCallbacks\.c1\(\{"results":.*\}\);$/);
    for (const bad of ['alert(1)//', '<script>', 'a;b', 'a b', '1a', 'a'.repeat(200)]) {
      const [badType, text] = await call(bad);
      expect(badType).toMatch(/^application\/json/);
      expect(JSON.parse(text).error.code).toBe(400);
      expect(text).not.toContain(bad);
    }
  });

  it('what was sent as f is not said back', async () => {
    for (const accept of ['*/*', 'text/html']) {
      const reply = await fetch(`${at()}?f=${encodeURIComponent('<script>alert(1)</script>')}`, {
        headers: { accept },
      });
      expect(await reply.text()).not.toMatch(/alert/);
    }
  });

  it('errors are an envelope in an HTTP 200, with details that are texts', async () => {
    const { error } = await ask(at('buffer/execute'), { Distance: 'far', Segments: '1.5' });
    expect(error).toEqual({
      code: 400,
      message: 'Unable to complete operation.',
      details: ['Input_Features is required'],
    });
    const several = await ask(at('buffer/execute'), {
      Input_Features: pointSet(1, 1),
      Distance: 'far',
      Segments: '1.5',
    });
    expect(several.error.details).toEqual(['Distance must be a number', 'Segments must be a whole number']);
  });

  it('feature results are never null, and hold no key that a client takes for an error', async () => {
    const apart = { Input_Features: pointSet(0, 0), Overlay: pointSet(5, 5) };
    const answer = await askWell(at('intersection/execute'), apart);
    expect(answer.results[0].value).toMatchObject({ features: [], exceededTransferLimit: false });
    expect(Object.keys(answer)).toEqual(['results', 'messages']);
    const job = await untilOver(await submitJob(server.url, 'intersection', apart));
    for (const key of ['code', 'status', 'error']) expect(job).not.toHaveProperty(key);
  });

  it('an id of 0 stays 0, and attributes stay what they are', async () => {
    const value = await valueOf('buffer', {
      Input_Features: pointSet(1, 1, 4326, { OBJECTID: 0, size: 1.5, name: 'ü' }),
      Distance: KM,
    });
    expect(value.features[0].attributes).toEqual({ OBJECTID: 0, size: 1.5, name: 'ü' });
    expect(value.objectIdFieldName).toBe('OBJECTID');
  });

  it('features come with their layer where returnFeatureCollection is true', async () => {
    const value = await valueOf('buffer', {
      Input_Features: pointSet(1, 1),
      Distance: KM,
      returnFeatureCollection: 'true',
    });
    expect(Object.keys(value)).toEqual(['layerDefinition', 'featureSet']);
  });

  it('simplifyFeatures, returnTrueCurves and returnColumnName leave the same value', async () => {
    const request = { Input_Features: pointSet(8, 47), Distance: KM };
    const plain = await valueOf('buffer', request);
    const extras = { simplifyFeatures: 'true', returnTrueCurves: 'True', returnColumnName: 'true' };
    expect(await valueOf('buffer', { ...request, ...extras })).toEqual(plain);
  });

  it('returnMessages=false leaves messages empty, not out', async () => {
    expect((await askWell(at('echo/execute'), { Echo: 'x', returnMessages: 'false' })).messages).toEqual([]);
  });

  it('what an operation had to say is among the messages', async () => {
    const bowTie = {
      features: [
        {
          geometry: {
            rings: [
              [
                [0, 0],
                [2, 2],
                [2, 0],
                [0, 2],
                [0, 0],
              ],
            ],
          },
        },
      ],
    };
    const { messages } = await askWell(at('union/execute'), { Input_Features: bowTie });
    expect(messages).toContainEqual({
      type: 'esriJobMessageTypeWarning',
      description: expect.stringMatching(/repaired/),
    });
  });

  it('pages of other origins may read them', async () => {
    const reply = await fetch(`${at()}?f=json`, { headers: { origin: 'https://map.example.org' } });
    expect(reply.headers.get('access-control-allow-origin')).toBe('*');
    const preflight = await fetch(at(), {
      method: 'OPTIONS',
      headers: {
        origin: 'https://a.example',
        'access-control-request-method': 'GET',
        'access-control-request-headers': 'x-esri-authorization',
      },
    });
    expect(preflight.headers.get('access-control-allow-headers')).toContain('x-esri-authorization');
  });
});

describe('jobs', () => {
  it('have ids of j and 32 digits, results that are always there, and relative URLs', async () => {
    const { jobId, jobStatus, ...others } = await askWell(at('echo/submitJob'), { Echo: 'x' });
    expect(jobId).toMatch(/^j[0-9a-f]{32}$/);
    expect(jobStatus).toBe('esriJobSubmitted');
    expect(others).toEqual({});
    const info = await untilOver(at(`echo/jobs/${jobId}`));
    expect(info).toEqual({
      jobId,
      jobStatus: 'esriJobSucceeded',
      results: {
        Output_Echo: { paramUrl: 'results/Output_Echo' },
        Output_Length: { paramUrl: 'results/Output_Length' },
      },
      inputs: { Echo: { paramUrl: 'inputs/Echo' }, Pause: { paramUrl: 'inputs/Pause' } },
      messages: expect.any(Array),
    });
    expect(await askWell(at(`echo/jobs/${jobId}/results/Output_Length`))).toEqual({
      paramName: 'Output_Length',
      dataType: 'GPLong',
      value: 1,
    });
    expect(await askWell(at(`jobs/${jobId}`))).toEqual(info);
    expect((await ask(at(`buffer/jobs/${jobId}`))).error.code).toBe(404);
  });

  it('updatedSince, and whatever else no job knows of, changes nothing about the answer', async () => {
    const { jobId } = await askWell(at('echo/submitJob'), { Echo: 'x', simplifyFeatures: 'true' });
    const info = await untilOver(at(`echo/jobs/${jobId}`));
    const since = { updatedSince: String(Date.now() + 1e6), nothingKnown: 'x' };
    expect(await askWell(at(`echo/jobs/${jobId}`), since)).toEqual(info);
  });

  it('show their inputs again, also those that came by another protocol', async () => {
    const job = await submitJob(server.url, 'buffer', {
      Input_Features: pointSet(8, 47, 4326, { OBJECTID: 4 }),
      Distance: KM,
    });
    const input = async (of: string, name: string): Promise<any> =>
      (await askWell(`${of}/inputs/${name}`)).value;
    expect(await input(job, 'Distance')).toEqual({ distance: 1000, units: 'esriMeters' });
    expect((await input(job, 'Input_Features')).features).toEqual([
      { attributes: { OBJECTID: 4 }, geometry: { x: 8, y: 47 } },
    ]);
    expect(await input(job, 'Segments')).toBe(16);
    const inputs = { features: 'POINT (8 47)', distance: { value: 2, unit: 'km' } };
    const id = (await submit(server.url, 'buffer', { inputs })).split('/').at(-1)!;
    const other = at(`buffer/jobs/j${id.replaceAll('-', '')}`);
    expect((await input(other, 'Input_Features')).features[0].geometry).toEqual({ x: 8, y: 47 });
    expect(await input(other, 'Distance')).toMatchObject({ distance: 2 });
  });

  it('progress is told while they execute, and only then', async () => {
    const job = await submitJob(server.url, 'echo', { Echo: 'x', Pause: 1.5 });
    await expect
      .poll(async () => (await askWell(job)).progress, { timeout: 10_000 })
      .toMatchObject({
        type: 'step',
        message: 'Pausing',
        percent: expect.any(Number),
      });
    const over = await untilOver(job);
    expect(over).not.toHaveProperty('progress');
  });

  it('from an accepted cancel on they read Cancelling until they read Cancelled', async () => {
    const job = await submitJob(server.url, 'echo', { Echo: 'x', Pause: 60 });
    await expect
      .poll(async () => (await askWell(job)).jobStatus, { timeout: 20_000 })
      .toBe('esriJobExecuting');
    const seen = [(await askWell(`${job}/cancel`)).jobStatus];
    while (seen.at(-1) !== 'esriJobCancelled' && seen.length < 1000)
      seen.push((await askWell(job)).jobStatus);
    expect([...new Set(seen)].filter((status) => status !== 'esriJobCancelling')).toEqual([
      'esriJobCancelled',
    ]);
    expect((await askWell(`${job}/cancel`)).jobStatus).toBe('esriJobCancelled');
    expect((await ask(`${job}/results/Output_Echo`)).error.code).toBe(410);
  });

  it('a cancel that comes too late takes nothing away', async () => {
    const job = await submitJob(server.url, 'echo', { Echo: 'kept' });
    await untilOver(job);
    expect((await askWell(`${job}/cancel`)).jobStatus).toBe('esriJobSucceeded');
    expect((await askWell(`${job}/results/Output_Echo`)).value).toBe('kept');
  });

  it('a result asked for too early is an error that says so', async () => {
    const job = await submitJob(server.url, 'echo', { Echo: 'x', Pause: 20 });
    const { error } = await ask(`${job}/results/Output_Echo`);
    expect(error.message).toMatch(/not finished/);
    await askWell(`${job}/cancel`);
  });

  it('that fail say why', async () => {
    const pole = pointSet(0, 90);
    const job = await submitJob(server.url, 'reproject', { Input_Features: pole, Target_Crs: '3857' });
    const info = await untilOver(job);
    expect(info).toMatchObject({ jobStatus: 'esriJobFailed', results: {} });
    expect(info.messages).toContainEqual({
      type: 'esriJobMessageTypeError',
      description: expect.stringMatching(/cannot show/),
    });
    expect((await ask(`${job}/results/Output_Features`)).error.details[0]).toMatch(/cannot show/);
  });

  it('are the same jobs in both protocols, at every moment', async () => {
    const pairs: Record<string, string> = {
      accepted: 'esriJobSubmitted',
      running: 'esriJobExecuting',
      successful: 'esriJobSucceeded',
    };
    const job = await submitJob(server.url, 'echo', { Echo: 'x', Pause: 0.5 });
    const uuid = job
      .split('/j')
      .at(-1)!
      .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
    for (let status = ''; status !== 'successful';) {
      status = (await statusOf(`${server.url}/jobs/${uuid}`)).status;
      const after = (await askWell(job)).jobStatus;
      const later = (await statusOf(`${server.url}/jobs/${uuid}`)).status;
      expect([pairs[status], pairs[later]]).toContain(after);
    }
    const reply = await fetch(`${server.url}/jobs/${uuid}/results`);
    expect(await reply.text()).toContain('x');
  });

  it('a job that was removed by the other protocol is gone here too', async () => {
    const job = await submitJob(server.url, 'echo', { Echo: 'x' });
    await untilOver(job);
    const uuid = job
      .split('/j')
      .at(-1)!
      .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
    await fetch(`${server.url}/jobs/${uuid}`, { method: 'DELETE' });
    expect((await ask(job)).error.code).toBe(410);
  });
});

describe('execute', () => {
  it('that outlasts its wait is cancelled, and says to use submitJob', async () => {
    const { error } = await ask(at('echo/execute', 'GPSync'), { Echo: 'x', Pause: 60 });
    expect(error.code).toBe(504);
    expect(error.details[0]).toMatch(/submitJob/);
    const { jobs } = (await (await fetch(`${server.url}/jobs?limit=1`)).json()) as {
      jobs: { status: string }[];
    };
    expect(jobs[0]!.status).toBe('dismissed');
  }, 20_000);

  it('that its caller has left is cancelled', async () => {
    const controller = new AbortController();
    const left = fetch(`${at('echo/execute')}?f=json&Echo=left&Pause=60`, {
      signal: controller.signal,
    }).catch(() => 'left');
    await new Promise((resolve) => setTimeout(resolve, 500));
    controller.abort();
    expect(await left).toBe('left');
    const latest = async (): Promise<string> =>
      ((await (await fetch(`${server.url}/jobs?limit=1`)).json()) as { jobs: { status: string }[] }).jobs[0]!
        .status;
    await expect.poll(latest, { timeout: 10_000 }).toBe('dismissed');
  });

  it('and submitJob are answered by both services', async () => {
    for (const service of ['GP', 'GPSync', 'gpsync']) {
      expect((await askWell(at('echo/execute', service), { Echo: service })).results[0].value).toBe(service);
      expect((await askWell(at('echo/submitJob', service), { Echo: service })).jobStatus).toBe(
        'esriJobSubmitted',
      );
    }
  });
});

describe('polling', () => {
  it('ends with TimedOut where a job took longer than its class allows', async () => {
    const hasty = await startServer({ ResourceClasses__CpuBurst__MaxExecutionTime: '1s' });
    try {
      const job = await submitJob(hasty.url, 'echo', { Echo: 'x', Pause: 50 });
      const over = await untilOver(job);
      expect(over.jobStatus).toBe('esriJobTimedOut');
      expect(over.messages.map(({ description }: any) => description).join()).toMatch(/timeout limit/);
    } finally {
      await hasty.close();
    }
  });

  it('ends with Failed where the workers of a job were lost', async () => {
    const settings = { Scheduling__MaxLostAttempts: '1', Scheduling__SweepEvery: '200ms' };
    const shaky = await startServer(settings);
    try {
      const job = await submitJob(shaky.url, 'echo', { Echo: 'x', Pause: 50 });
      await expect
        .poll(async () => (await askWell(job)).jobStatus, { timeout: 20_000 })
        .toBe('esriJobExecuting');
      await shaky.app
        .get(Database)
        .asSystem((manager) =>
          manager.query(
            `update process_runs set lease_until = now() - interval '1 minute' where state = 'running'`,
          ),
        );
      const over = await untilOver(job);
      expect(over.jobStatus).toBe('esriJobFailed');
      expect(over.messages.map(({ description }: any) => description).join()).toMatch(/lost/);
    } finally {
      await shaky.close();
    }
  });
});

describe('tokens', () => {
  it('are neither needed nor given by an open server, wherever clients look for them', async () => {
    const info = await ask(`${server.url}/arcgis/rest/info`);
    expect(info.authInfo).toEqual({ isTokenBasedSecurity: false });
    for (const path of ['tokens', 'tokens/generateToken', 'admin/generateToken']) {
      const login = { request: 'getToken', username: 'a', password: 'b', expiration: '60' };
      const { error } = await ask(`${server.url}/arcgis/${path}`, login);
      expect(error.details[0], path).toMatch(/open to everybody/);
    }
  });
});

describe('the API that people browse', () => {
  it('shows every resource and task under a tag of its own', async () => {
    const script = await (await fetch(`${server.url}/api/swagger-ui-init.js`)).text();
    for (const text of [
      'GeoServices REST (Esri)',
      '/GPServer/buffer/submitJob',
      'Input_Features',
      '{jobId}/cancel',
      '{jobId}/results',
      'uploads/upload',
      'uploads/register',
      'uploads/{itemId}/uploadPart',
      'uploads/{itemId}/commit',
      'returnM',
      ...GEOMETRY_OPERATION_NAMES.map((name) => `/GeometryServer/${name}`),
    ])
      expect(script).toContain(text);
  });
});

describe('pages', () => {
  it('a person without anything to run gets a form, and with it a job page', async () => {
    const form = await (await fetch(at('buffer/submitJob'))).text();
    for (const name of ['Input_Features', 'Distance', 'env:outSR', 'Submit Job (GET)', 'Submit Job (POST)'])
      expect(form).toContain(name);
    const body = new URLSearchParams({ Echo: '<b>bold</b>', Pause: '5', f: 'html' });
    const reply = await fetch(at('echo/submitJob'), { method: 'POST', body });
    expect(reply.url).toMatch(/\/echo\/jobs\/j[0-9a-f]{32}$/);
    const page = await reply.text();
    expect(page).toContain('esriJob');
    expect(page).toContain('Cancel Job');
  });

  it('a browser gets errors as a page, still with HTTP 200', async () => {
    const reply = await fetch(at('nothing'), { headers: { accept: 'text/html,*/*' } });
    expect(reply.status).toBe(200);
    expect(await reply.text()).toContain('There is no task of this name.');
  });

  it('the directory has the words that harvesters know it by', async () => {
    expect(await (await fetch(`${server.url}/arcgis/rest/services`)).text()).toContain('Folder: /');
  });
});
