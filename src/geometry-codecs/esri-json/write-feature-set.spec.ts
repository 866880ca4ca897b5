import { describe, expect, it } from 'vitest';
import { type Crs, findCrs } from '../crs/crs.js';
import type { FeatureRecord } from '../geometry.js';
import { readEsriFeatures } from './read-feature-set.js';
import { type FeatureSetStyle, writeEsriFeatures } from './write-feature-set.js';

const WGS84 = findCrs('OGC:CRS84') as Crs;
const MERCATOR = findCrs('EPSG:3857') as Crs;

function write(features: FeatureRecord[], style: Partial<FeatureSetStyle> = {}, crs = WGS84): any {
  const all = { returnZ: false, featureCollection: false, maxBytes: 1e6, ...style };
  return JSON.parse(Buffer.from(writeEsriFeatures({ features, crs }, all)).toString());
}
const point = (id?: string | number, properties: FeatureRecord['properties'] = {}): FeatureRecord => ({
  ...(id !== undefined && { id }),
  properties,
  geometry: { type: 'Point', coordinates: [1, 2, 3] },
});

describe('a feature set', () => {
  it('has all that clients look for', () => {
    expect(
      write([point(undefined, { name: 'a', size: 1.5, n: 2, yes: true, more: { a: 1 }, none: null })]),
    ).toEqual({
      displayFieldName: '',
      objectIdFieldName: 'OBJECTID',
      geometryType: 'esriGeometryPoint',
      spatialReference: { wkid: 4326, latestWkid: 4326 },
      fields: [
        { name: 'OBJECTID', type: 'esriFieldTypeOID', alias: 'OBJECTID' },
        { name: 'name', type: 'esriFieldTypeString', alias: 'name', length: 255 },
        { name: 'size', type: 'esriFieldTypeDouble', alias: 'size' },
        { name: 'n', type: 'esriFieldTypeInteger', alias: 'n' },
        { name: 'yes', type: 'esriFieldTypeSmallInteger', alias: 'yes' },
        { name: 'more', type: 'esriFieldTypeString', alias: 'more', length: 255 },
        { name: 'none', type: 'esriFieldTypeString', alias: 'none', length: 255 },
      ],
      features: [
        {
          attributes: { OBJECTID: 1, name: 'a', size: 1.5, n: 2, yes: 1, more: '{"a":1}', none: null },
          geometry: { x: 1, y: 2 },
        },
      ],
      exceededTransferLimit: false,
    });
  });

  it('keeps ids that are different integers, also 0, and numbers features otherwise', () => {
    const ids = (features: FeatureRecord[]): unknown[] =>
      write(features).features.map((one: any) => one.attributes.OBJECTID);
    expect(ids([point(0), point(5)])).toEqual([0, 5]);
    expect(ids([point(9, { objectid: 0 }), point(8, { objectid: 4 })])).toEqual([0, 4]);
    expect(ids([point(5), point(5)])).toEqual([1, 2]);
    expect(ids([point('x'), point()])).toEqual([1, 2]);
    expect(write([point('x')]).features[0].attributes.id).toBe('x');
  });

  it('shells run clockwise and holes the other way, whatever way they came', () => {
    const shell = [
      [0, 0],
      [9, 0],
      [9, 9],
      [0, 9],
      [0, 0],
    ];
    const hole = [
      [1, 1],
      [2, 1],
      [2, 2],
      [1, 2],
      [1, 1],
    ];
    const { features } = write([
      { properties: null, geometry: { type: 'Polygon', coordinates: [shell, hole] } },
    ]);
    expect(features[0].geometry.rings).toEqual([[...shell].reverse(), hole]);
  });

  it('is in the system asked for', () => {
    const { spatialReference, features } = write([point()], { crs: MERCATOR });
    expect(spatialReference).toEqual({ wkid: 102100, latestWkid: 3857 });
    expect(features[0].geometry.x).toBeCloseTo(111319.4908, 3);
  });

  it('has heights where they are asked for and there', () => {
    expect(write([point()], { returnZ: true })).toMatchObject({
      hasZ: true,
      features: [{ geometry: { x: 1, y: 2, z: 3 } }],
    });
    const flat: FeatureRecord = { properties: {}, geometry: { type: 'Point', coordinates: [1, 2] } };
    expect(write([flat], { returnZ: true })).not.toHaveProperty('hasZ');
  });

  it('of nothing is a feature set', () => {
    expect(write([])).toMatchObject({ features: [], geometryType: 'esriGeometryPolygon' });
    const empty: FeatureRecord = { properties: { a: 1 }, geometry: null };
    expect(write([empty]).features).toEqual([{ attributes: { OBJECTID: 1, a: 1 } }]);
  });

  it('points beside multipoints are multipoints', () => {
    const many: FeatureRecord = { properties: {}, geometry: { type: 'MultiPoint', coordinates: [[3, 4]] } };
    const { geometryType, features } = write([point(), many]);
    expect(geometryType).toBe('esriGeometryMultipoint');
    expect(features.map(({ geometry }: any) => geometry)).toEqual([
      { points: [[1, 2]] },
      { points: [[3, 4]] },
    ]);
  });

  it('does not pretend to hold what it cannot', () => {
    const line: FeatureRecord = {
      properties: {},
      geometry: {
        type: 'LineString',
        coordinates: [
          [0, 0],
          [1, 1],
        ],
      },
    };
    expect(() => write([point(), line])).toThrow(/mixes/);
    expect(() =>
      write([{ properties: {}, geometry: { type: 'GeometryCollection', geometries: [] } }]),
    ).toThrow(/mixes/);
    expect(() =>
      write([{ properties: {}, geometry: { type: 'Point', coordinates: [0, 91] } }], { crs: MERCATOR }),
    ).toThrow(/cannot show/);
  });

  it('comes with its layer where a collection is asked for', () => {
    expect(write([point()], { featureCollection: true })).toMatchObject({
      layerDefinition: { geometryType: 'esriGeometryPoint', objectIdField: 'OBJECTID' },
      featureSet: { features: [{ geometry: { x: 1, y: 2 } }] },
    });
  });

  it('keeps attributes that are called like members of objects', () => {
    const properties = JSON.parse('{"__proto__":"a","constructor":1,"toString":"ä"}') as Record<
      string,
      unknown
    >;
    const { features, fields } = write([point(1, properties)]);
    expect(Object.entries(features[0].attributes)).toEqual([
      ['OBJECTID', 1],
      ['__proto__', 'a'],
      ['constructor', 1],
      ['toString', 'ä'],
    ]);
    expect(fields.map(({ name }: any) => name)).toEqual(['OBJECTID', '__proto__', 'constructor', 'toString']);
  });

  it('read again is what it was', () => {
    const geometry: FeatureRecord['geometry'] = {
      type: 'MultiPolygon',
      coordinates: [
        [
          [
            [0, 0],
            [9, 0],
            [9, 9],
            [0, 9],
            [0, 0],
          ],
          [
            [1, 1],
            [1, 8],
            [8, 8],
            [8, 1],
            [1, 1],
          ],
        ],
        [
          [
            [3, 3],
            [6, 3],
            [6, 6],
            [3, 6],
            [3, 3],
          ],
        ],
      ],
    };
    const { document } = readEsriFeatures(
      write([{ id: 0, properties: { OBJECTID: 0, name: 'a' }, geometry }]),
    );
    expect(document.features).toEqual([
      { type: 'Feature', id: 0, properties: { OBJECTID: 0, name: 'a' }, geometry },
    ]);
  });
});
