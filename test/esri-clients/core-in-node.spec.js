import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import esriConfig from '@arcgis/core/config.js';
import * as geoprocessor from '@arcgis/core/rest/geoprocessor.js';
import FeatureSet from '@arcgis/core/rest/support/FeatureSet.js';
import Graphic from '@arcgis/core/Graphic.js';
import LinearUnit from '@arcgis/core/rest/support/LinearUnit.js';
import Point from '@arcgis/core/geometry/Point.js';
import Polygon from '@arcgis/core/geometry/Polygon.js';
import { startServer } from '../support/app.ts';
import { counties } from './counties.js';

/** @arcgis/core, unmodified, in Node. */
let server;
const task = (name, service = 'GP') => `${server.url}/arcgis/rest/services/${service}/GPServer/${name}`;

beforeAll(async () => {
  server = await startServer({ Scheduling__ProgressEvery: '100ms' });
  esriConfig.request.useIdentity = false;
});
afterAll(() => server.close());

const lucerne = () =>
  new FeatureSet({
    features: [
      new Graphic({
        geometry: new Point({ longitude: 8.3093, latitude: 47.0502, spatialReference: { wkid: 4326 } }),
        attributes: { OBJECTID: 0, name: 'Luzern' },
      }),
    ],
  });
const tenKilometres = () => new LinearUnit({ distance: 10, units: 'kilometers' });

describe('execute', () => {
  it('gives features with geometry, attributes and a spatial reference', async () => {
    const { results, messages } = await geoprocessor.execute(task('buffer', 'GPSync'), {
      Input_Features: lucerne(),
      Distance: tenKilometres(),
    });
    expect(results.map(({ paramName, dataType }) => [paramName, dataType])).toEqual([
      ['Output_Features', 'feature-record-set-layer'],
    ]);
    const set = results[0].value;
    expect(set.geometryType).toBe('polygon');
    expect(set.spatialReference.wkid).toBe(4326);
    const [feature] = set.features;
    expect(feature.attributes).toMatchObject({ OBJECTID: 0, name: 'Luzern' });
    expect(feature.geometry.extent.width).toBeCloseTo(0.2629, 2);
    expect(feature.geometry.rings[0].length).toBeGreaterThan(60);
    expect(messages.at(-1).type).toBe('informative');
  });

  it('answers in the spatial reference asked for', async () => {
    const { results } = await geoprocessor.execute(
      task('buffer'),
      { Input_Features: lucerne(), Distance: tenKilometres() },
      { outSpatialReference: { wkid: 102100 } },
    );
    const { extent, spatialReference } = results[0].value.features[0].geometry;
    expect(spatialReference.isWebMercator).toBe(true);
    expect(extent.center.x).toBeCloseTo(924987, -3);
  });

  it('takes a request that is too long for a URL', async () => {
    const set = counties(60);
    const { results } = await geoprocessor.execute(task('dissolve'), { Input_Features: set });
    const [feature] = results[0].value.features;
    expect(results[0].value.features).toHaveLength(1);
    expect(feature.geometry.rings.length).toBeGreaterThan(1);
  });

  it('gives texts and numbers', async () => {
    const { results } = await geoprocessor.execute(task('echo', 'GPSync'), { Echo: 'Grüezi & <b>?' });
    expect(results.map(({ dataType, value }) => [dataType, value])).toEqual([
      ['string', 'Grüezi & <b>?'],
      ['long', 13],
    ]);
  });

  it('gives dates, spans of time and record sets, and takes them', async () => {
    const set = lucerne();
    set.features[0].attributes.seen = '2026-05-01T08:00:00Z';
    const { results } = await geoprocessor.execute(task('count_by_time', 'GPSync'), {
      Input_Features: set,
      Attribute: 'seen',
      Start: new Date('2026-05-01T00:00:00Z'),
      Interval: { time: 1, units: 'esriTimeUnitsDays' },
    });
    const of = Object.fromEntries(results.map(({ paramName, value }) => [paramName, value]));
    expect(of.Output_Earliest).toEqual(new Date('2026-05-01T08:00:00Z'));
    expect(of.Output_Windows.features.map(({ attributes }) => attributes.count)).toEqual([1]);
    expect(of.Output_Span).toMatchObject({ time: 0 });
    const points = await geoprocessor.execute(task('table_to_points', 'GPSync'), {
      Table: new FeatureSet({ features: [new Graphic({ attributes: { lon: 8.3, lat: 47 } })] }),
      X: 'lon',
      Y: 'lat',
    });
    expect(points.results[0].value.features[0].geometry.longitude).toBe(8.3);
  });

  it('fails with the code and the reason', async () => {
    const failure = await geoprocessor
      .execute(task('buffer'), { Distance: tenKilometres() })
      .catch((error) => error);
    expect(failure.name).toBe('request:server');
    expect(failure.details.httpStatus).toBe(400);
    expect(failure.details.messages).toEqual(['Input_Features is required']);
  });

  it('fails for a task that is not there', async () => {
    const failure = await geoprocessor.execute(task('nothing'), {}).catch((error) => error);
    expect(failure.details.httpStatus).toBe(404);
  });
});

describe('submitJob', () => {
  it('is waited for, and its result fetched', async () => {
    const job = await geoprocessor.submitJob(task('buffer'), {
      Input_Features: lucerne(),
      Distance: tenKilometres(),
    });
    expect(job.jobId).toMatch(/^j[0-9a-f]{32}$/);
    const statuses = [];
    await job.waitForJobCompletion({
      interval: 100,
      statusCallback: ({ jobStatus }) => statuses.push(jobStatus),
    });
    expect(job.jobStatus).toBe('job-succeeded');
    const { value } = await job.fetchResultData('Output_Features');
    expect(value.features[0].geometry.type).toBe('polygon');
    expect(value.features[0].attributes.OBJECTID).toBe(0);
    const mercator = await job.fetchResultData('Output_Features', { outSpatialReference: { wkid: 102100 } });
    expect(mercator.value.features[0].geometry.spatialReference.isWebMercator).toBe(true);
    const again = await job.checkJobStatus();
    expect(again.jobStatus).toBe('job-succeeded');
    expect(again.messages.length).toBeGreaterThan(2);
  });

  it('is cancelled, and the promise to cancel is kept', async () => {
    const job = await geoprocessor.submitJob(task('echo'), { Echo: 'long', Pause: 60 });
    await expect
      .poll(async () => (await job.checkJobStatus()).jobStatus, { timeout: 20_000 })
      .toBe('job-executing');
    await job.cancelJob();
    expect(job.jobStatus).toBe('job-cancelled');
    const waited = await job.waitForJobCompletion({ interval: 100 }).catch((info) => info);
    expect(waited.jobStatus).toBe('job-cancelled');
  });

  it('that fails ends the wait with its messages', async () => {
    const everywhere = new FeatureSet({
      features: [
        new Graphic({
          geometry: new Point({ x: 0, y: 90, spatialReference: { wkid: 4326 } }),
          attributes: {},
        }),
      ],
    });
    const job = await geoprocessor.submitJob(task('reproject'), {
      Input_Features: everywhere,
      Target_Crs: 'EPSG:3857',
    });
    const info = await job.waitForJobCompletion({ interval: 100 }).catch((failed) => failed);
    expect(info.jobStatus).toBe('job-failed');
    expect(
      info.messages
        .filter(({ type }) => type === 'error')
        .map(({ description }) => description)
        .join(),
    ).toMatch(/cannot show/);
    const results = await job.fetchResultData('Output_Features').catch((error) => error);
    expect(results.name).toBe('request:server');
  });
});

it('a polygon with an island in a hole comes back as it is', async () => {
  const ring = (a, b, clockwise) => {
    const corners = [
      [a, a],
      [a, b],
      [b, b],
      [b, a],
      [a, a],
    ];
    return clockwise ? corners : corners.reverse();
  };
  const rings = [ring(0, 9, true), ring(1, 8, false), ring(3, 6, true)];
  const set = new FeatureSet({
    features: [
      new Graphic({ geometry: new Polygon({ rings, spatialReference: { wkid: 4326 } }), attributes: {} }),
    ],
  });
  const { results } = await geoprocessor.execute(task('make_valid'), { Input_Features: set });
  const { geometry } = results[0].value.features[0];
  expect(geometry.rings).toHaveLength(3);
  expect(geometry.rings.map((one) => geometry.isClockwise(one)).sort()).toEqual([false, true, true]);
});
