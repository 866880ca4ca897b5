/** Processes of the Python worker on real data, over both APIs, against values that others have published. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Feature } from 'geojson';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { itemIdOf } from '../../src/execution-adapter/upload-item-id.js';
import { startServer, type TestServer } from '../support/app.js';
import { askWell, submitJob, untilOver } from '../support/esri-client.js';
import { executeAsync, submit, untilFinished } from '../support/ogc-client.js';
import { INSTALL_LIMIT_MS, python, root, workerReady } from '../support/python-worker.js';
import { cities } from '../support/real-data.js';

/** The system of a surface, its least variance, and the mean prediction along gstat's line. */
const ALONG_THE_LINE = [
  'places = [(180000, 331000 + at) for at in range(0, 1000, 5)]',
  'places += [(180000 + at / 1803 * 1000, 332000 + at / 1803 * 1500) for at in range(0, 1803, 5)]',
  'found = [float(v[0]) for v in r.sample(places)]',
  'print(json.dumps([r.crs.to_epsg(), float(r.read(2, masked=True).min()), sum(found) / len(found)]))',
].join('; ');
const FIXTURES = join(root, 'workers/python/tests/fixtures');
const LANDSAT = join(FIXTURES, 'landsat/L7_ETMs.tif');
const inSystem = (name: string, features: Feature[]): object => ({
  type: 'FeatureCollection',
  crs: { type: 'name', properties: { name } },
  features,
});
const point = (x: number, y: number, properties: object): Feature => ({
  type: 'Feature',
  properties: { ...properties },
  geometry: { type: 'Point', coordinates: [x, y] },
});

const meuse = (): object => {
  const rows = readFileSync(join(root, 'test/fixtures/meuse/zinc.csv'), 'utf8').trim().split('\n').slice(1);
  return inSystem(
    'EPSG:32631',
    rows.map((row) => {
      const [x, y, zinc] = row.split(',').map(Number) as [number, number, number];
      return point(x, y, { zinc });
    }),
  );
};

/** 49 polygons as WKT, each with its CRIME. */
const columbus = (): Feature[] =>
  readFileSync(join(FIXTURES, 'columbus/columbus.csv'), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((row) => {
      const [, crime, wkt] = /^\d+,([^,]+),"POLYGON \(([^"]+)\)"$/.exec(row)!;
      const rings = [...wkt!.matchAll(/\(([^()]+)\)/g)].map(([, ring]) =>
        ring!.split(', ').map((position) => position.split(' ').map(Number)),
      );
      const geometry = { type: 'Polygon' as const, coordinates: rings };
      return { type: 'Feature', properties: { CRIME: Number(crime) }, geometry };
    });

type Value = Record<string, any> | Buffer;

/** Runs a process as a job over one API and gives what it gave: files as bytes, everything else as JSON. */
type Run = (
  process: string,
  inputs: Record<string, unknown>,
  outputs: string[],
) => Promise<Record<string, Value>>;

const bytesAt = async (href: string): Promise<Buffer> => Buffer.from(await (await fetch(href)).arrayBuffer());

describe.skipIf(!python)('the Python worker', () => {
  let server: TestServer;
  let worker: string;
  beforeAll(async () => {
    worker = await workerReady();
    server = await startServer();
  }, INSTALL_LIMIT_MS);
  afterAll(() => server?.close());

  const ogc: Run = async (process, inputs, outputs) => {
    const given = await executeAsync(server.url, process, { inputs, response: 'document' });
    const read = async (id: string): Promise<[string, Value]> => {
      const { href, value } = given[id] as { href?: string; value?: Value };
      return [id, href === undefined ? value! : await bytesAt(href)];
    };
    return Object.fromEntries(await Promise.all(outputs.map(read)));
  };

  const gp: Run = async (process, inputs, outputs) => {
    const job = await submitJob(server.url, process, inputs);
    const info = await untilOver(job);
    if (info.jobStatus !== 'esriJobSucceeded') throw new Error(JSON.stringify(info.messages));
    const read = async (id: string): Promise<[string, Value]> => {
      const { value, dataType } = await askWell(`${job}/results/${id}`);
      if (dataType === 'GPDataFile') return [id, await bytesAt(value.url)];
      return [id, dataType === 'GPString' ? JSON.parse(value) : value];
    };
    return Object.fromEntries(await Promise.all(outputs.map(read)));
  };

  const attributes = (value: Value, name: string): number[] =>
    (
      value as { features: { properties?: Record<string, number>; attributes?: Record<string, number> }[] }
    ).features.map(({ properties, attributes: esri }) => (properties ?? esri)![name]!);

  /** A band of a GeoTIFF by what rasterio makes of it. */
  const inPython = (code: string, file: Buffer): any =>
    JSON.parse(
      execFileSync(
        join(worker, 'bin/python'),
        [
          '-c',
          `import sys, json, rasterio\nfrom rasterio.io import MemoryFile\nwith MemoryFile(sys.stdin.buffer.read()) as m, m.open() as r:\n    ${code}`,
        ],
        { input: file, encoding: 'utf8' },
      ),
    );

  describe.each([
    ['OGC API - Processes', ogc],
    ['GPServer', gp],
  ] as [string, Run][])('over %s', (_name, run) => {
    it("krigs meuse's zinc to gstat's values", async () => {
      const inputs = {
        features: meuse(),
        valueField: 'zinc',
        transform: 'log',
        cellSize: 40,
        nugget: 0.06,
        partialSill: 0.6,
        range: 900,
      };
      const { surface, variogram } = await run('interpolate-kriging', inputs, ['surface', 'variogram']);
      expect(variogram).toMatchObject({ model: 'spherical', points: 155, range: 900 });
      const [crs, least, mean] = inPython(ALONG_THE_LINE, surface as Buffer) as [number, number, number];
      expect(crs).toBe(32631);
      expect(least).toBeGreaterThan(0);
      // gstat's block prediction along the line is 6.1618; here it goes by the middles of cells of 40 m.
      expect(Math.abs(mean - 6.1618)).toBeLessThan(0.01);
    });

    it('gives the surface of inverse distances that gstat prints a summary of', async () => {
      const extent = { bbox: [178440, 329600, 181560, 333760], crs: 'EPSG:32631' };
      const inputs = { features: meuse(), valueField: 'zinc', extent, cellSize: 40 };
      const { result } = await run('interpolate-idw', inputs, ['result']);
      const values = attributes(result!, 'interpolated_value').sort((a, b) => a - b);
      expect(values).toHaveLength(78 * 104);
      // gstat 2.1.0: summary(idw(zinc ~ 1, meuse, grid)$var1.pred), on the middles of these cells.
      const printed = { least: 128.4345, median: 463.9632, mean: 480.8337, most: 1805.7757 };
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const median = (values[4055]! + values[4056]!) / 2;
      const given = { least: values[0]!, median, mean, most: values.at(-1)! };
      for (const [name, value] of Object.entries(printed))
        expect(given[name as keyof typeof given], name).toBeCloseTo(value, 4);
    });

    it("finds the Gi* of esda's six points", async () => {
      const places = [
        [10, 10],
        [20, 10],
        [40, 10],
        [15, 20],
        [30, 20],
        [30, 30],
      ] as [number, number][];
      const values = [2, 3, 3.2, 5, 8, 7];
      const features = inSystem(
        'EPSG:3857',
        places.map(([x, y], at) => point(x, y, { v: values[at] })),
      );
      const { result } = await run(
        'hot-spot',
        { features, valueField: 'v', neighbourhood: 'distance', distance: 15 },
        ['result'],
      );
      const published = [-1.39727626, -0.28917762, 0.65064964, -0.28917762, 1.23452088, 2.02424331];
      for (const [at, z] of attributes(result!, 'gi_z').entries()) expect(z).toBeCloseTo(published[at]!, 7);
    });

    it("finds Moran's I of crime in Columbus", async () => {
      const features = inSystem('EPSG:3857', columbus());
      const inputs = { features, valueField: 'CRIME', neighbourhood: 'queen', permutations: 99 };
      const { result } = await run('spatial-autocorrelation', inputs, ['result']);
      expect((result as { I: number }).I).toBeCloseTo(0.5001885571828611, 12);
      expect(result).toMatchObject({ features: 49, permutations: { count: 99, p: 0.01 } });
    });
  });

  it('finds the NDVI of a Landsat scene that was sent ahead, by its href and by its item', async () => {
    const sent = await fetch(`${server.url}/uploads`, {
      method: 'POST',
      headers: { 'content-type': 'image/tiff' },
      body: readFileSync(LANDSAT),
    });
    expect(sent.status).toBe(201);
    const { href, id } = (await sent.json()) as { href: string; id: string };
    const bands = { redBand: 3, nearInfraredBand: 4 };
    for (const given of [
      await ogc('ndvi', { raster: { href, type: 'image/tiff' }, ...bands }, ['index', 'statistics']),
      await gp('ndvi', { raster: { itemID: itemIdOf(id) }, ...bands }, ['index', 'statistics']),
    ]) {
      expect((given.statistics as { mean: number }).mean).toBeCloseTo(-0.0643, 4);
      const told = inPython(
        'print(json.dumps([r.width, r.height, r.crs.to_epsg(), float(r.read(1, masked=True).mean())]))',
        given.index as Buffer,
      );
      expect(told.slice(0, 3)).toEqual([349, 352, 31985]);
      expect(told[3]).toBeCloseTo(-0.0643, 4);
    }
  });

  it('says by the input what it cannot work with', async () => {
    const job = await submit(server.url, 'interpolate-spline', {
      inputs: { features: cities(5), valueField: 'population' },
    });
    expect(await untilFinished(job)).toMatchObject({
      status: 'failed',
      message: expect.stringMatching(/^\/inputs\/features: /),
    });
    const wrong = await fetch(`${server.url}/processes/ndvi/execution`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        inputs: { raster: { value: 'AAAA', encoding: 'base64', mediaType: 'text/plain' } },
      }),
    });
    expect(wrong.status).toBe(400);
    expect(await wrong.text()).toContain('image/tiff');
  });
});
