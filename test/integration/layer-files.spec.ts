import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import type { FeatureCollection } from 'geojson';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/index.js';
import { Connections, DeclaredLayers, type LayerReading, Layers } from '../../src/data-sources/index.js';
import {
  writeFlatgeobuf,
  writeGeopackage,
  writeGeoparquet,
  writeShapefile,
} from '../support/feature-files.js';
import { planarArea } from '../support/planar-area.js';
import { counties } from '../support/real-data.js';

let folder: string;
let layers: Layers;
const collection = ((): FeatureCollection => {
  const features = counties()
    .features.filter(({ properties }) => ['08', '15'].includes(properties!.state))
    .map(({ geometry, properties }) => ({
      type: 'Feature' as const,
      properties: { name: String(properties!.name), state: String(properties!.state) },
      geometry,
    }));
  return { type: 'FeatureCollection', features };
})();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'honua-files-'));
  writeGeopackage(join(folder, 'a.gpkg'), collection, 3857);
  await writeShapefile(join(folder, 'a.zip'), collection);
  writeFlatgeobuf(join(folder, 'a.fgb'), collection, 4326);
  writeGeoparquet(join(folder, 'a.parquet'), collection);
  writeFileSync(join(folder, 'broken'), 'no file of features');
  const settings: Record<string, string> = {};
  const add = (id: string, provider: string, file: string, crs?: string): void => {
    settings[`Layers__${id}__provider`] = provider;
    settings[`Layers__${id}__path`] = join(folder, file);
    if (crs) settings[`Layers__${id}__crs`] = crs;
  };
  add('geopackage', 'geopackage', 'a.gpkg', 'EPSG:4326');
  add('geopackageAsItSays', 'geopackage', 'a.gpkg');
  add('shapefile', 'shapefile', 'a.zip');
  settings.Layers__shapefile__table = 'POLYGON';
  add('shapefiles', 'shapefile', 'a.zip');
  add('flatgeobuf', 'flatgeobuf', 'a.fgb');
  writeFileSync(join(folder, 'a.geojson'), JSON.stringify(collection));
  add('geojson', 'geojson', 'a.geojson');
  add('geoparquet', 'geoparquet', 'a.parquet');
  for (const provider of ['geopackage', 'shapefile', 'flatgeobuf', 'geoparquet', 'geojson']) {
    add(`broken-${provider}`, provider, 'broken');
    add(`missing-${provider}`, provider, 'missing');
  }
  const config = loadConfig(resolve(import.meta.dirname, '../../config'), settings);
  // Not started: no operator has declared any.
  const declared = new DeclaredLayers(config, undefined as never, undefined as never);
  layers = new Layers(config, new Connections(config), declared);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const read = async (id: string, reading: LayerReading = {}): Promise<any> =>
  JSON.parse(await text(await layers.get('default', id).source.read(reading)));

describe('a file of features', () => {
  it.each(['geopackage', 'shapefile', 'flatgeobuf', 'geoparquet'])(
    'of %s gives what was written',
    async (id) => {
      const result = (await read(id)) as FeatureCollection;
      const written = collection.features.filter(
        ({ geometry }) => id !== 'shapefile' || geometry.type === 'Polygon',
      );
      expect(written.length).toBeGreaterThan(50);
      expect(result).not.toHaveProperty('crs');
      expect(result.features.map(({ properties }) => properties)).toEqual(
        written.map(({ properties }) => properties),
      );
      result.features.forEach(({ geometry }, at) => {
        const area = planarArea(written[at]!.geometry);
        expect(Math.abs(planarArea(geometry) - area)).toBeLessThan(1e-12 * area);
      });
    },
  );

  it('of several shapefiles in one zip must be named', async () => {
    await expect(read('shapefiles')).rejects.toThrow('several shapefiles');
  });

  it('says its coordinate system, which the configuration may correct', async () => {
    expect((await read('geopackageAsItSays')).crs.properties.name).toBe('urn:ogc:def:crs:EPSG::3857');
  });

  it.each(['geopackage', 'shapefile', 'flatgeobuf', 'geoparquet'])(
    'that is none, or is not there, is told without its place: %s',
    async (provider) => {
      for (const id of [`broken-${provider}`, `missing-${provider}`]) {
        const error: Error = await read(id).then(
          () => expect.fail('it was read'),
          (one: Error) => one,
        );
        expect(error).toMatchObject({ kind: 'unavailable', code: 'layer-unreadable' });
        expect(error.message).not.toContain(folder);
      }
    },
  );
});

const ALL = ['geopackage', 'shapefile', 'flatgeobuf', 'geoparquet', 'geojson'];
const stored = (id: string): FeatureCollection['features'] =>
  collection.features.filter(({ geometry }) => id !== 'shapefile' || geometry.type === 'Polygon');

describe('what is asked for', () => {
  it.each(ALL)(
    'of %s is what meets the filter and the box, with the attributes that are named',
    async (id) => {
      const bbox: [number, number, number, number] = [-105.5, 39, -104.5, 40];
      const { features } = await read(id, {
        bbox,
        filter: [
          { field: 'state', operator: '=', value: '08' },
          { field: 'name', operator: '>=', value: 'C' },
        ],
        fields: ['name'],
      });
      const wanted = stored(id).filter(({ properties, geometry }) => {
        const positions = (geometry as any).coordinates.flat(
          geometry.type === 'Polygon' ? 1 : 2,
        ) as number[][];
        const [xs, ys] = [positions.map(([x]) => x!), positions.map(([, y]) => y!)];
        return (
          properties!.state === '08' &&
          properties!.name >= 'C' &&
          Math.min(...xs) <= bbox[2] &&
          Math.max(...xs) >= bbox[0] &&
          Math.min(...ys) <= bbox[3] &&
          Math.max(...ys) >= bbox[1]
        );
      });
      expect(wanted.length).toBeGreaterThan(2);
      expect(features.map(({ properties }: any) => properties)).toEqual(
        wanted.map(({ properties }) => ({ name: properties!.name })),
      );
    },
  );

  it.each(ALL)('of %s may be nothing, or only so many', async (id) => {
    expect((await read(id, { filter: [{ field: 'name', operator: 'in', value: [] }] })).features).toEqual([]);
    expect((await read(id, { limit: 2 })).features).toHaveLength(2);
    expect((await read(id, { limit: 0 })).features).toEqual([]);
  });

  it.each(ALL)('of %s must be there', async (id) => {
    const error = await read(id, { fields: ['name', 'nothing'] }).catch((one: unknown) => one);
    expect(error).toMatchObject({
      kind: 'invalid-input',
      faults: [{ path: '/fields', message: "the layer has no field 'nothing'; it has name, state" }],
    });
  });

  it('in another system is found by longitude and latitude, and shown so', async () => {
    // The file says that its degrees are metres of web mercator.
    const { features } = await read('geopackageAsItSays', { asLonLat: true, bbox: [-1, -1, 1, 1], limit: 1 });
    const [x, y] = features[0].geometry.coordinates.flat(3);
    expect(Math.abs(x) + Math.abs(y)).toBeLessThan(0.01);
    expect((await read('geopackageAsItSays', { bbox: [10, 10, 20, 20] })).features).toEqual([]);
  });
});

describe('the facts', () => {
  it.each(ALL)('of %s are what is in it', async (id) => {
    const features = stored(id);
    const facts = await layers.facts('default', id);
    expect(facts).toMatchObject({
      featureCount: features.length,
      geometryTypes: expect.arrayContaining([...new Set(features.map(({ geometry }) => geometry.type))]),
      fields: [
        { name: 'name', type: 'string' },
        { name: 'state', type: 'string' },
      ],
      snapshot: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(facts.crs).toMatch(/^(?:OGC:CRS84|EPSG:4326)$/);
    expect(facts.bbox![0]).toBeLessThan(-109);
    expect(facts.bbox![3]).toBeCloseTo(41, 1);
  });

  it('of a file that cannot be read are an error, each time', async () => {
    for (let n = 0; n < 2; n++)
      await expect(layers.facts('default', 'broken-geojson')).rejects.toMatchObject({
        code: 'layer-unreadable',
      });
  });
});
