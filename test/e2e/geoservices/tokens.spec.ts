import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../../support/app.js';
import { ask, askWell, gp } from '../../support/esri-client.js';

let server: TestServer;
let token: string;
beforeAll(async () => {
  server = await startServer({ Identity__Logins: 'ana:secret 1@acme, bob:other@beta' });
  ({ token } = await login('ana', 'secret 1'));
});
afterAll(() => server.close());

const login = (username: string, password: string, more = {}): Promise<any> =>
  ask(`${server.url}/arcgis/tokens/`, { request: 'getToken', username, password, expiration: '5', ...more });
const execute = async (init: RequestInit, query = ''): Promise<any> =>
  (await fetch(`${gp(server.url, 'echo/execute')}?f=json${query}`, { method: 'POST', ...init })).json();
const form = (fields: Record<string, string> = {}): URLSearchParams =>
  new URLSearchParams({ Echo: 'x', ...fields });

describe('with logins', () => {
  it('clients are told where tokens are', async () => {
    const { authInfo } = await ask(`${server.url}/arcgis/rest/info`);
    expect(authInfo).toEqual({
      isTokenBasedSecurity: true,
      tokenServicesUrl: expect.stringMatching(/\/arcgis\/tokens\/$/),
      shortLivedTokenValidity: 60,
    });
  });

  it('a token is given for a name and its password, for no longer than allowed', async () => {
    const { expires } = await login('ana', 'secret 1', { expiration: '100000' });
    expect(expires - Date.now()).toBeLessThanOrEqual(3_600_000);
    for (const [name, password] of [
      ['ana', 'wrong'],
      ['none', 'secret 1'],
      ['', ''],
      ['bob', 'secret 1'],
    ] as const)
      expect((await login(name, password)).error.code).toBe(400);
    const inUrl = await ask(`${server.url}/arcgis/tokens`, { username: 'ana', password: 'secret 1' }, 'GET');
    expect(inUrl.error.details[0]).toMatch(/POST/);
  });

  it('a token is given again to its holder, and lasts no longer for it', async () => {
    const first = await login('ana', 'secret 1');
    const again = await ask(`${server.url}/arcgis/tokens/generateToken`, {
      token: first.token,
      serverUrl: server.url,
      expiration: '60',
    });
    expect(again).toMatchObject({ token: first.token, expires: first.expires });
    const bad = await ask(`${server.url}/arcgis/tokens/`, { token: 'nonsense', serverUrl: server.url });
    expect(bad.error.code).toBe(498);
  });

  it('499 without a token, 498 with one that is no good, both in an HTTP 200', async () => {
    expect((await execute({ body: form() })).error.code).toBe(499);
    for (const bad of ['x', `${token}x`, `${token.split('.')[0]}.`, 'a.b'])
      expect((await execute({ body: form({ token: bad }) })).error.code, bad).toBe(498);
  });

  it('a token is taken from the form, the query and two headers', async () => {
    const multipart = new FormData();
    multipart.set('Echo', 'x');
    multipart.set('token', token);
    const ways: [RequestInit, string?][] = [
      [{ body: form({ token }) }],
      [{ body: multipart }],
      [{ body: form() }, `&token=${token}`],
      [{ body: form(), headers: { authorization: `Bearer ${token}` } }],
      [{ body: form(), headers: { 'x-esri-authorization': `Bearer ${token}` } }],
    ];
    for (const [init, query] of ways) expect((await execute(init, query)).results[0].value).toBe('x');
  });

  it('jobs belong to the tenant of the token', async () => {
    const { jobId } = await askWell(gp(server.url, 'echo/submitJob'), { Echo: 'x', token });
    const job = gp(server.url, `echo/jobs/${jobId}`);
    expect((await askWell(job, { token })).jobId).toBe(jobId);
    const { token: other } = await login('bob', 'other');
    expect((await ask(job, { token: other })).error.code).toBe(404);
    expect((await ask(job)).error.code).toBe(499);
  });

  it('the other protocol asks for a token too', async () => {
    const reply = await fetch(`${server.url}/jobs`);
    expect(reply.status).toBe(401);
    expect(
      (await fetch(`${server.url}/jobs`, { headers: { authorization: `Bearer ${token}` } })).status,
    ).toBe(200);
  });
});
