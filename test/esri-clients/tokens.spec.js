import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ArcGISAuthError,
  ArcGISIdentityManager,
  ArcGISTokenRequestError,
  Job,
  JOB_STATUSES,
} from '@esri/arcgis-rest-request';
import esriConfig from '@arcgis/core/config.js';
import * as geoprocessor from '@arcgis/core/rest/geoprocessor.js';
import { startServer } from '../support/app.ts';

/** Clients that have to sign in: which error they meet, and how they get past it. */
let server;
beforeAll(async () => {
  server = await startServer({ Identity__Logins: 'ana:secret 1@acme' });
  esriConfig.request.useIdentity = false;
});
afterAll(() => server.close());

const task = (name, service = 'GP') => `${server.url}/arcgis/rest/services/${service}/GPServer/${name}`;
const submit = (authentication, hideToken = false) =>
  Job.submitJob({
    url: `${task('echo')}/submitJob`,
    params: { Echo: 'x' },
    startMonitoring: false,
    pollingRate: 100,
    hideToken,
    ...(authentication && { authentication }),
  });
const signedIn = (password = 'secret 1') =>
  new ArcGISIdentityManager({
    username: 'ana',
    password,
    server: `${server.url}/arcgis/rest/services`,
    tokenDuration: 30,
  }).refreshCredentials();
const fixedToken = (token) => ({ portal: server.url, getToken: () => Promise.resolve(token) });

describe('@esri/arcgis-rest-request', () => {
  it.each([
    ['no token', undefined, 499],
    ['a token that is no good', 'nonsense', 498],
  ])('with %s it meets an ArcGISAuthError', async (_, token, code) => {
    const failure = await submit(token && fixedToken(token)).catch((error) => error);
    expect(failure).toBeInstanceOf(ArcGISAuthError);
    expect(failure.code).toBe(code);
  });

  it('signs in with a name and a password, and sees its job through', async () => {
    const job = await submit(await signedIn());
    const info = await job.waitForCompletion();
    expect(info.status).toBe(JOB_STATUSES.Success);
    expect((await job.getResult('Output_Echo')).value).toBe('x');
  });

  it('sends its token in a header where it hides it', async () => {
    const { token } = await signedIn();
    const job = await submit(fixedToken(token), true);
    expect(job.id).toMatch(/^j[0-9a-f]{32}$/);
  });

  it('is told that its password is wrong', async () => {
    const failure = await signedIn('wrong').catch((error) => error);
    expect(failure).toBeInstanceOf(ArcGISTokenRequestError);
    expect(failure.response.error.details.join()).toMatch(/password/);
  });
});

describe('@arcgis/core in Node', () => {
  const execute = () => geoprocessor.execute(task('echo', 'GPSync'), { Echo: 'x' });

  it('meets 499 without a token', async () => {
    const failure = await execute().catch((error) => error);
    expect(failure.details.httpStatus).toBe(499);
  });

  it('sends a token that its configuration has for the server', async () => {
    const { token } = await signedIn();
    esriConfig.apiKeys.scopes.push({ token, urls: [`${server.url}/arcgis`] });
    expect((await execute()).results[0].value).toBe('x');
    esriConfig.apiKeys.scopes.pop();
  });
});
