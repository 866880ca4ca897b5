import { afterAll, beforeAll, expect, it } from 'vitest';
import { ArcGISRequestError, Job, JOB_STATUSES, request } from '@esri/arcgis-rest-request';
import { startServer } from '../support/app.ts';

/** @esri/arcgis-rest-request 4.10.2, unmodified. */
let server;
const task = (name) => `${server.url}/arcgis/rest/services/GP/GPServer/${name}`;

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const params = {
  Input_Features: {
    features: [
      { geometry: { x: 8.3, y: 47, spatialReference: { wkid: 4326 } }, attributes: { name: 'Luzern' } },
    ],
  },
  Distance: { distance: 1, units: 'esriKilometers' },
};

it('submits, waits and gets all results', async () => {
  const job = await Job.submitJob({
    url: `${task('buffer')}/submitJob`,
    params,
    startMonitoring: false,
    pollingRate: 100,
  });
  const info = await job.waitForCompletion();
  expect(info.status).toBe(JOB_STATUSES.Success);
  const { Output_Features: output } = await job.getAllResults();
  expect(output.dataType).toBe('GPFeatureRecordSetLayer');
  expect(output.value.features[0].geometry.rings[0].length).toBeGreaterThan(60);
  const one = await job.getResult('Output_Features');
  expect(one.paramName).toBe('Output_Features');
});

it('resumes a job by its URL and id', async () => {
  const job = await Job.submitJob({
    url: `${task('echo')}/submitJob`,
    params: { Echo: 'x' },
    startMonitoring: false,
  });
  const same = await Job.fromExistingJob({
    url: task('echo'),
    id: job.id,
    startMonitoring: false,
    pollingRate: 100,
  });
  await same.waitForCompletion();
  expect((await same.getResult('Output_Echo')).value).toBe('x');
});

it('cancels', async () => {
  const job = await Job.submitJob({
    url: `${task('echo')}/submitJob`,
    params: { Echo: 'long', Pause: 60 },
    startMonitoring: false,
    pollingRate: 100,
  });
  await job.cancelJob();
  await expect
    .poll(async () => (await job.getJobInfo()).status, { timeout: 10_000 })
    .toBe(JOB_STATUSES.Cancelled);
});

it('gets errors as its own errors, with their code', async () => {
  const failure = await Job.submitJob({ url: `${task('buffer')}/submitJob`, params: { Distance: 5 } }).catch(
    (e) => e,
  );
  expect(failure).toBeInstanceOf(ArcGISRequestError);
  expect(failure.code).toBe(400);
  expect(failure.response.error.details).toEqual(['Input_Features is required']);
});

it('gets an error for what is not there', async () => {
  const failure = await request(`${server.url}/arcgis/rest/services/None/GPServer`).catch((e) => e);
  expect(failure).toBeInstanceOf(ArcGISRequestError);
  expect(failure.code).toBe(404);
});

it('reads the service and its tasks', async () => {
  const service = await request(`${server.url}/arcgis/rest/services/GP/GPServer`);
  for (const name of service.tasks) expect((await request(task(name))).name).toBe(name);
});
