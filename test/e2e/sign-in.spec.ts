/** Signing in on a page: there and back, and nothing that another site's page could do with the cookie. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../support/app.js';
import { ADMIN_KEY, asOperator, REQUIRED, tenantWithKey } from '../support/identities.js';

let server: TestServer;
let key: string;
let keyId: string;
beforeAll(async () => {
  server = await startServer({ ...REQUIRED, Identity__Logins: 'ana:secret 1@acme' });
  ({ key, id: keyId } = await tenantWithKey(server.url, 'acme'));
});
afterAll(() => server.close());

const HTML = { accept: 'text/html' };
const own = (): Record<string, string> => ({ origin: new URL(server.url).origin });

function send(path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(server.url + path, { redirect: 'manual', ...init });
}

interface Session {
  cookie: string;
  csrf: string;
}

const cookiesOf = (reply: Response): Record<string, string> =>
  Object.fromEntries(
    reply.headers.getSetCookie().map((text) => text.split(';')[0]!.split('=') as [string, string]),
  );

async function signIn(fields: Record<string, string>, headers = own()): Promise<Response> {
  return send('/sign-in', { method: 'POST', body: new URLSearchParams(fields), headers });
}

async function sessionOf(fields: Record<string, string>): Promise<Session> {
  const cookies = cookiesOf(await signIn(fields));
  return { cookie: `honua-session=${cookies['honua-session']}`, csrf: cookies['honua-csrf']! };
}

describe('a browser that is not signed in', () => {
  it('is sent to sign in, and comes back to where it wanted to go', async () => {
    const away = await send('/jobs?limit=3', { headers: HTML });
    expect(away.status).toBe(303);
    const page = new URL(away.headers.get('location')!);
    expect(page.pathname + page.search).toBe('/sign-in?to=%2Fjobs%3Flimit%3D3');
    expect(await (await send(page.pathname + page.search)).text()).toContain('value="/jobs?limit=3"');
    const back = await signIn({ username: 'ana', password: 'secret 1', to: '/jobs?limit=3' });
    expect([back.status, back.headers.get('location')]).toEqual([303, '/jobs?limit=3']);
    const { cookie } = await sessionOf({ username: 'ana', password: 'secret 1' });
    const there = await send('/jobs?limit=3', { headers: { ...HTML, cookie } });
    expect(there.status).toBe(200);
    expect(await there.text()).toContain('Sign out');
  });

  it('is sent there from Esri’s pages too, while programs get their error', async () => {
    const job = '/arcgis/rest/services/GP/GPServer/echo/jobs/jx';
    expect((await send(job, { headers: HTML })).headers.get('location')).toContain('/sign-in?to=');
    expect(await (await send(`${job}?f=json`, { headers: HTML })).json()).toMatchObject({
      error: { code: 499 },
    });
    expect((await send('/jobs')).status).toBe(401);
    expect((await send('/jobs?f=json', { headers: HTML })).status).toBe(401);
  });

  it('is sent to no other host', async () => {
    for (const to of ['//evil.example/', 'https://evil.example/', '/\\evil.example', 'javascript:alert(1)']) {
      const reply = await signIn({ username: 'ana', password: 'secret 1', to });
      expect(new URL(reply.headers.get('location')!, server.url).host, to).toBe(new URL(server.url).host);
    }
  });

  it('may read what there is to run, with a way to sign in', async () => {
    for (const path of [
      '/',
      '/processes',
      '/processes/echo',
      '/processes/echo?from=01a218b1-8182-71db-b5e0-9f74b7c4cd14',
    ]) {
      const reply = await send(path, { headers: HTML });
      expect(reply.status, path).toBe(200);
      expect(await reply.text(), path).toContain('>Sign in</a>');
    }
  });
});

describe('signing in', () => {
  it('is by a name and its password, or a key alone; anything else is told so', async () => {
    for (const fields of [
      { username: 'ana', password: 'secret 1' },
      { password: key },
      { password: ADMIN_KEY },
    ])
      expect((await signIn(fields as Record<string, string>)).status).toBe(303);
    for (const fields of [
      { username: 'ana', password: 'wrong' },
      { password: 'secret 1' },
      { username: 'ana' },
      {},
    ]) {
      const reply = await signIn(fields as Record<string, string>);
      expect(reply.status).toBe(401);
      expect(reply.headers.getSetCookie()).toEqual([]);
      expect(await reply.text()).toContain('The user name or the password is wrong.');
    }
  });

  it('is not done for somebody by another site', async () => {
    for (const headers of [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      {},
      { 'sec-fetch-site': 'cross-site' },
    ])
      expect((await signIn({ password: key }, headers as Record<string, string>)).status).toBe(403);
  });

  it('gives a cookie that no script reads and no other site sends', async () => {
    const [session] = (await signIn({ password: key })).headers.getSetCookie();
    expect(session).toMatch(/^honua-session=[\w.%-]+; Max-Age=43200; Path=\/; .*HttpOnly; SameSite=Lax$/);
    expect(session).not.toContain(key);
  });

  it('over TLS, a cookie of this host alone', async () => {
    const secure = await startServer({ ...REQUIRED, HONUA_PUBLIC_URL: 'https://maps.example/honua' });
    try {
      const { port } = secure.app.getHttpServer().address() as { port: number };
      const reply = await fetch(`http://127.0.0.1:${port}/sign-in`, {
        method: 'POST',
        redirect: 'manual',
        body: new URLSearchParams({ password: ADMIN_KEY, to: '/jobs' }),
        headers: { origin: 'https://maps.example' },
      });
      expect(reply.headers.get('location')).toBe('/honua/jobs');
      expect(reply.headers.getSetCookie()[0]).toMatch(
        /^__Host-honua=.*Path=\/.*HttpOnly; Secure; SameSite=Lax$/,
      );
    } finally {
      await secure.close();
    }
  });
});

describe('with the cookie', () => {
  const run = (headers: Record<string, string>): Promise<Response> =>
    send('/processes/echo/execution', {
      method: 'POST',
      headers: { 'content-type': 'application/json', prefer: 'respond-async', ...headers },
      body: '{"inputs":{"echo":"x"}}',
    });

  it('a page changes things by its origin and its token together, and by neither alone', async () => {
    const { cookie, csrf } = await sessionOf({ password: key });
    expect((await run({ cookie, ...own(), 'x-csrf-token': csrf })).status).toBe(201);
    for (const headers of [
      {},
      own(),
      { 'x-csrf-token': csrf },
      { ...own(), 'x-csrf-token': 'x' },
      { origin: 'https://evil.example', 'x-csrf-token': csrf },
      { origin: 'null', 'x-csrf-token': csrf },
    ] as Record<string, string>[])
      expect((await run({ cookie, ...headers })).status, JSON.stringify(headers)).toBe(403);
    expect((await run({ authorization: `Bearer ${key}` })).status).toBe(201);
  });

  it('Esri’s operations, which a GET runs too, are run from a page of this service alone', async () => {
    const { cookie } = await sessionOf({ password: key });
    const path = '/arcgis/rest/services/GP/GPServer/echo/submitJob?f=json&Echo=x';
    const told = async (init: RequestInit): Promise<any> => (await send(path, init)).json();
    expect(await told({ headers: { cookie } })).toMatchObject({ error: { code: 403 } });
    expect(await told({ headers: { cookie, referer: 'https://evil.example/' } })).toMatchObject({
      error: { code: 403 },
    });
    expect(await told({ headers: { cookie, 'sec-fetch-site': 'cross-site' } })).toMatchObject({
      error: { code: 403 },
    });
    expect(await told({ headers: { cookie, referer: `${server.url}/arcgis/rest` } })).toHaveProperty('jobId');
  });

  it('a page follows a job by server-sent events', async () => {
    const { cookie, csrf } = await sessionOf({ password: key });
    const job = new URL((await run({ cookie, ...own(), 'x-csrf-token': csrf })).headers.get('location')!)
      .pathname;
    const events = await send(`${job}/events`, { headers: { cookie } });
    expect(events.headers.get('content-type')).toContain('text/event-stream');
    expect(await events.text()).toContain('successful');
  });

  it('who signs out is out, and nobody is signed out by another site', async () => {
    const { cookie, csrf } = await sessionOf({ password: key });
    const out = (body: Record<string, string>, headers: Record<string, string>): Promise<Response> =>
      send('/sign-out', { method: 'POST', body: new URLSearchParams(body), headers: { cookie, ...headers } });
    expect((await out({ csrf }, { origin: 'https://evil.example' })).status).toBe(403);
    expect((await out({}, own())).status).toBe(403);
    const reply = await out({ csrf }, own());
    expect(reply.status).toBe(303);
    expect(cookiesOf(reply)['honua-session']).toBe('');
  });

  it('made up, changed, or of a key that was revoked, it opens nothing', async () => {
    const { cookie } = await sessionOf({ password: key });
    for (const wrong of ['honua-session=x', `${cookie}x`, 'honua-session=', 'honua-session=%E0%A4%A'])
      expect((await send('/jobs', { headers: { cookie: wrong } })).status, wrong).toBe(401);
    expect((await send('/jobs', { headers: { cookie } })).status).toBe(200);
    await asOperator(server.url, `/admin/tenants/acme/keys/${keyId}`, { method: 'DELETE' });
    expect((await send('/jobs', { headers: { cookie } })).status).toBe(401);
  });
});
