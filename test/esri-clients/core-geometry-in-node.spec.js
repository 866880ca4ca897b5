import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import esriConfig from '@arcgis/core/config.js';
import Graphic from '@arcgis/core/Graphic.js';
import * as geoprocessor from '@arcgis/core/rest/geoprocessor.js';
import * as webMercatorUtils from '@arcgis/core/geometry/support/webMercatorUtils.js';
import FeatureSet from '@arcgis/core/rest/support/FeatureSet.js';
import { startServer } from '../support/app.ts';
import { countyRings } from './counties.js';
import { expectAnswer, expectations } from './geometry-expectations.js';
import { acrossTheDateline, functionNames, functions, manyPoints } from './geometry-functions.js';

/** The geometryService of @arcgis/core, unmodified, in Node. */
let server;
const rings = countyRings();
beforeAll(async () => {
  server = await startServer();
  esriConfig.request.useIdentity = false;
});
afterAll(() => server.close());
const geometryServer = (folder = '') => `${server.url}/arcgis/rest/services/${folder}Geometry/GeometryServer`;

it('the client has no other functions than these', () => {
  expect(Object.keys(functions).sort()).toEqual(functionNames);
  expect(Object.keys(expectations).sort()).toEqual(functionNames);
});

it.each(Object.keys(functions))('%s', async (name) => {
  expectAnswer(name, await functions[name](geometryServer(), { rings }));
});

it('the same service is at its newer place', async () => {
  const folder = 'Utilities/';
  expectAnswer('union', await functions.union(geometryServer(folder), { rings }));
});

describe('features across the dateline', () => {
  const run = async (geometry, task = 'make_valid') => {
    const asked = [];
    esriConfig.geometryServiceUrl = geometryServer('Utilities/');
    esriConfig.request.interceptors.push({
      urls: /GeometryServer/,
      before: ({ url }) => void asked.push(url.split('/').at(-1)),
    });
    const features = new FeatureSet({ features: [new Graphic({ geometry, attributes: { OBJECTID: 1 } })] });
    const { results } = await geoprocessor.execute(
      `${server.url}/arcgis/rest/services/GPSync/GPServer/${task}`,
      { Input_Features: features },
    );
    esriConfig.request.interceptors.pop();
    return { asked, geometry: results[0].value.features[0].geometry };
  };

  it('the client has areas cut here before it sends them', async () => {
    const { asked, geometry } = await run(acrossTheDateline());
    expect(asked).toContain('cut');
    expect(geometry.rings).toHaveLength(2);
    const ways = geometry.rings.flat().map(([x]) => x);
    expect(Math.min(...ways)).toBe(-180);
    expect(Math.max(...ways)).toBe(180);
    expect(new Set(ways)).toEqual(new Set([175, 180, -180, -175]));
  });

  it('what was cut and has holes it has simplified here', async () => {
    const hole = [
      [177, -18],
      [183, -18],
      [183, -17],
      [177, -17],
      [177, -18],
    ];
    const { asked, geometry } = await run(acrossTheDateline([hole]));
    expect(asked).toEqual(expect.arrayContaining(['cut', 'simplify']));
    expect(geometry.rings).toHaveLength(2);
    const widths = geometry.rings.map((ring) => ring.length);
    expect(widths).toEqual([9, 9]);
  });

  it('in web mercator too', async () => {
    const { asked, geometry } = await run(webMercatorUtils.geographicToWebMercator(acrossTheDateline()));
    expect(asked).toContain('cut');
    expect(geometry.spatialReference.isWebMercator).toBe(true);
    expect(geometry.rings).toHaveLength(2);
    expect(geometry.extent.xmin).toBeCloseTo(-20037508.34, 0);
  });

  it('points are brought into range', async () => {
    const { geometry } = await run(manyPoints());
    expect(geometry.points.map(([x]) => x).sort((a, b) => a - b)).toEqual([-179, 179]);
  });
});
