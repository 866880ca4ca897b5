import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import type { FeatureCollection } from 'geojson';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/index.js';
import { Layers } from '../../src/data-sources/index.js';
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
  add('geoparquet', 'geoparquet', 'a.parquet');
  for (const provider of ['geopackage', 'shapefile', 'flatgeobuf', 'geoparquet', 'geojson']) {
    add(`broken-${provider}`, provider, 'broken');
    add(`missing-${provider}`, provider, 'missing');
  }
  layers = new Layers(loadConfig(resolve(import.meta.dirname, '../../config'), settings));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const read = async (id: string): Promise<any> =>
  JSON.parse(await text((await layers.get('default', id).source.snapshot()).content));

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
