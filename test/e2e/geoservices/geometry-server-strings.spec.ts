import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../../support/app.js';
import { askGeometry, askPostgis, faultOf } from '../../support/geometry-client.js';

/** Positions as texts and back. */
let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const written = async (
  conversionType: string,
  coordinates: number[][],
  more: object = {},
): Promise<string[]> =>
  (await askGeometry(server.url, 'toGeoCoordinateString', { sr: 4326, coordinates, conversionType, ...more }))
    .strings;
const read = async (conversionType: string, strings: string[], sr = 4326): Promise<number[][]> =>
  (await askGeometry(server.url, 'fromGeoCoordinateString', { sr, strings, conversionType })).coordinates;

/** In all hemispheres, on borders of zones and bands, in the zones that are drawn otherwise, and near the ends. */
const PLACES = [
  [8.3093, 47.0502],
  [-74.0445, 40.6892],
  [151.2153, -33.8568],
  [-43.2105, -22.9519],
  [5.3221, 60.3913],
  [15.6356, 78.2232],
  [0, 0],
  [-180, 0],
  [-0.0001, -0.0001],
  [179.9999, -79.9],
  [-177.5, 83.9],
  [6, 8],
  [12, -16],
  [33, 71.99],
];

describe('known ones', () => {
  it.each([
    [
      'MGRS',
      [
        [180, 0],
        [-117, 34],
        [0, 52],
      ],
      { rounding: false },
      ['01N AA 66021 00000', '11S NT 00000 62155', '31U BT 94071 65288'],
    ],
    ['USNG', [[180, 0]], { addSpaces: false, numOfDigits: 2 }, ['01NAA6600']],
    ['DMS', [[-8.5, 47.25]], {}, ['47 15 00.00N 008 30 00.00W']],
    ['DMS', [[9.9999999999, -59.9999999999]], { numOfDigits: 0 }, ['60 00 00S 010 00 00E']],
    ['DDM', [[-8.5, 47.25]], {}, ['47 15.0000N 008 30.0000W']],
    ['DD', [[-8.5, 47.25]], { numOfDigits: 3, addSpaces: false }, ['47.250N008.500W']],
    [
      'GARS',
      [
        [0.01, 0.01],
        [-179.99, -89.99],
        [180, 90],
      ],
      {},
      ['361HN37', '001AA37', '720QZ23'],
    ],
    ['GeoRef', [[0.5, 0.25]], { numOfDigits: 2 }, ['NGAA3015']],
  ])('%s of %j with %j', async (type, coordinates, more, expected) => {
    expect(await written(type, coordinates, more)).toEqual(expected);
  });
});

describe('there and back', () => {
  it.each([
    ['MGRS', 1.5],
    ['USNG', 1.5],
    ['UTM', 1.5],
    ['DD', 0.2],
    ['DDM', 0.3],
    ['DMS', 0.5],
    ['GeoRef', 4],
    ['GARS', 13_200],
  ])('%s comes back within %d m', async (type, meters) => {
    const back = await read(type, await written(type, PLACES));
    PLACES.forEach(([lon, lat], index) => {
      const [x, y] = back[index]!;
      const east = (((x! - lon! + 540) % 360) - 180) * Math.cos((lat! * Math.PI) / 180);
      expect(Math.hypot(east, y! - lat!) * 111_320, `${lon} ${lat}: ${x} ${y}`).toBeLessThan(meters);
    });
  });

  it('UTM has the numbers of PROJ', async () => {
    const [text] = await written('UTM', [[8.3093, 47.0502]]);
    const [row] = await askPostgis<{ x: number; y: number }>(
      [{ type: 'Point', coordinates: [8.3093, 47.0502] }],
      4326,
      'select st_x(st_transform(geom, 32632)) as x, st_y(st_transform(geom, 32632)) as y from shape',
    );
    expect(text).toBe(`32T ${Math.round(row!.x)} ${Math.round(row!.y)}`);
    expect((await written('UTM', [[8.3093, -47]], { conversionMode: 'utmNorthSouth' }))[0]).toMatch(/^32S /);
    const [x, y] = (await read('DD', ['47.0502N 8.3093E'], 32632))[0]!;
    expect(Math.hypot(x! - row!.x, y! - row!.y)).toBeLessThan(0.001);
  });

  it('takes angles as people write them', async () => {
    const near = [[-8.5, 47.25]];
    for (const text of [
      '47 15 0N 8 30 0W',
      `47°15'0"N, 8°30'0"W`,
      '+47.25, -8.5',
      'N47.25 W8.5',
      '47:15:00N 008:30:00W',
    ])
      expect(await read('DMS', [text]), text).toEqual(near);
  });
});

describe('bad ones', () => {
  it.each([
    ['fromGeoCoordinateString', { strings: ['nowhere'], conversionType: 'MGRS' }, 'strings/0'],
    ['fromGeoCoordinateString', { strings: ['61N AA 1 1'], conversionType: 'MGRS' }, 'strings/0'],
    ['fromGeoCoordinateString', { strings: ['91N 0E'], conversionType: 'DD' }, 'strings/0'],
    ['fromGeoCoordinateString', { strings: ['10 61N 0E'], conversionType: 'DDM' }, 'strings/0'],
    ['fromGeoCoordinateString', { strings: [7], conversionType: 'DD' }, 'strings/0'],
    ['fromGeoCoordinateString', { strings: ['1 '.repeat(4000)], conversionType: 'DMS' }, 'strings/0'],
    ['fromGeoCoordinateString', { strings: 'one', conversionType: 'DD' }, 'strings'],
    ['fromGeoCoordinateString', { strings: ['1N 1E'] }, 'conversionType'],
    ['fromGeoCoordinateString', { conversionType: 'DD' }, 'strings'],
    ['toGeoCoordinateString', { coordinates: [[0, 88]], conversionType: 'MGRS' }, 'coordinates/0'],
    ['toGeoCoordinateString', { coordinates: [['a', 1]], conversionType: 'DD' }, 'coordinates/0'],
    ['toGeoCoordinateString', { coordinates: [[1]], conversionType: 'DD' }, 'coordinates/0'],
    ['toGeoCoordinateString', { coordinates: [[200, 1]], conversionType: 'DD' }, 'coordinates/0'],
    ['toGeoCoordinateString', { coordinates: [[1, 1]], conversionType: 'Braille' }, 'conversionType'],
    [
      'toGeoCoordinateString',
      { coordinates: [[1, 1]], conversionType: 'DD', numOfDigits: -1 },
      'numOfDigits',
    ],
    ['toGeoCoordinateString', { coordinates: '[[1', conversionType: 'DD' }, 'coordinates'],
  ])('%s of %j', async (operation, parameters, told) => {
    const error = await faultOf(server.url, operation, { sr: 4326, ...parameters });
    expect(error).toMatchObject({ code: 400 });
    expect(error.details.join(' ')).toContain(told);
    expect((await faultOf(server.url, operation, parameters)).details.join(' ')).toContain('sr is missing');
  });
});
