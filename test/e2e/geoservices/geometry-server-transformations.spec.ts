import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../../support/app.js';
import { askGeometry, askPostgis, faultOf } from '../../support/geometry-client.js';

/** The ways between datums: told by findTransformations, and honoured or refused by project. */
let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const find = async (inSR: number, outSR: number, more: object = {}): Promise<any[]> =>
  (await askGeometry(server.url, 'findTransformations', { inSR, outSR, ...more })).transformations;
const NAD83 = { wkid: 1188, latestWkid: 1188, name: 'NAD_1983_To_WGS_1984_1' };
const ETRS89 = { wkid: 1149, latestWkid: 1149, name: 'ETRS_1989_To_WGS_1984' };
const SWISS = { wkid: 1676, latestWkid: 1676, name: 'CH1903+_To_WGS_1984_1' };

describe('findTransformations', () => {
  it('tells the way there, the way back and the way over WGS 84; none is needed on one datum', async () => {
    expect(await find(4269, 4326)).toEqual([NAD83]);
    expect(await find(3857, 26913)).toEqual([{ geoTransforms: [{ ...NAD83, transformForward: false }] }]);
    expect(await find(2056, 25832)).toEqual([
      {
        geoTransforms: [
          { ...SWISS, transformForward: true },
          { ...ETRS89, transformForward: false },
        ],
      },
    ]);
    expect(await find(4326, 102100)).toEqual([]);
    expect(await find(3035, 4258)).toEqual([]);
  });

  it('takes an extent of interest and a number of results, and refuses what is none', async () => {
    const extentOfInterest = { xmin: -110, ymin: 30, xmax: -100, ymax: 40, spatialReference: { wkid: 4326 } };
    expect(await find(4269, 4326, { extentOfInterest, numOfResults: -1 })).toEqual([NAD83]);
    expect(await find(4269, 4326, { numOfResults: 0 })).toEqual([]);
    const bad = async (more: object): Promise<any> =>
      faultOf(server.url, 'findTransformations', { inSR: 4269, outSR: 4326, ...more });
    expect((await bad({ numOfResults: 'many' })).details[0]).toContain('numOfResults');
    expect((await bad({ extentOfInterest: { ...extentOfInterest, xmin: 'west' } })).details[0]).toContain(
      'extentOfInterest',
    );
    expect((await bad({ inSR: 27700 })).details[0]).toContain('grid');
    expect((await faultOf(server.url, 'findTransformations', { inSR: 4326 })).details[0]).toContain('outSR');
  });
});

describe('project', () => {
  const bern = { geometryType: 'esriGeometryPoint', geometries: [{ x: 2600000, y: 1200000 }] };
  const asked = { geometries: bern, inSR: 2056, outSR: 4326 };

  it('gives the same with the transformation that it takes anyway, and that is the one of PROJ', async () => {
    const [plain] = (await askGeometry(server.url, 'project', asked)).geometries;
    for (const more of [
      { transformation: 1676, transformForward: true },
      { transformation: { wkid: 1676 } },
      { transformation: { geoTransforms: [{ wkid: 1676, transformForward: true }] } },
    ])
      expect((await askGeometry(server.url, 'project', { ...asked, ...more })).geometries).toEqual([plain]);
    const [theirs] = await askPostgis<{ x: number; y: number }>(
      [{ type: 'Point', coordinates: [2600000, 1200000] }],
      2056,
      'select st_x(p) as x, st_y(p) as y from (select st_transform(geom, 4326) as p from shape) q',
    );
    expect(plain.x).toBeCloseTo(theirs!.x, 6);
    expect(plain.y).toBeCloseTo(theirs!.y, 6);
  });

  it('takes one that changes nothing in either direction, since clients send false unasked', async () => {
    const answer = await askGeometry(server.url, 'project', {
      geometries: '-105,39',
      inSR: 4269,
      outSR: 4326,
      transformation: 1188,
      transformForward: false,
    });
    expect(answer.geometries).toEqual([{ x: expect.closeTo(-105, 9), y: expect.closeTo(39, 9) }]);
  });

  it.each([
    [{ transformation: 108336 }, '1676'],
    [{ transformation: 1676, transformForward: false }, '1676'],
    [{ transformation: { geoTransforms: [{ wkid: 1676 }, { wkid: 1149 }] } }, '1676'],
    [{ transformation: { wkt: 'GEOGTRAN["x"]' } }, 'wkid'],
    [{ transformation: 'best' }, 'wkid'],
    [{ vertical: true }, 'vertical'],
  ])('refuses %j, and tells what it would take', async (more, told) => {
    const error = await faultOf(server.url, 'project', { ...asked, ...more });
    expect(error).toMatchObject({ code: 400, details: [expect.stringContaining(told)] });
  });

  it('has nothing to choose between systems of one datum', async () => {
    const more = { geometries: '0,0', inSR: 4326, outSR: 102100, transformation: 1188 };
    expect((await askGeometry(server.url, 'project', more)).geometries[0].x).toBeCloseTo(0, 6);
  });
});
