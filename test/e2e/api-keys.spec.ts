/** Keys and tenants: made, shown once, changed, revoked; and how fast that is true on another replica. */
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../support/app.js';
import { ADMIN_KEY, asOperator, bearer, REQUIRED, tenantWithKey } from '../support/identities.js';

let server: TestServer;
let second: TestServer;
beforeAll(async () => {
  server = await startServer(REQUIRED);
  second = await startServer({ ...REQUIRED, DATABASE_URL: server.database.url });
});
afterAll(async () => {
  await second.close();
  await server.close();
});

const jobs = async (headers: Record<string, string>, url = server.url): Promise<number> =>
  (await fetch(`${url}/jobs`, { headers })).status;

async function msUntil(status: number, headers: Record<string, string>, url: string): Promise<number> {
  const began = performance.now();
  while ((await jobs(headers, url)) !== status) {
    if (performance.now() - began > 5_000) return Infinity;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return performance.now() - began;
}

describe('a key', () => {
  it('opens as a bearer and in a header of its own, on every replica; nothing else does', async () => {
    const { key } = await tenantWithKey(server.url, 'acme');
    for (const url of [server.url, second.url]) {
      expect(await jobs(bearer(key), url)).toBe(200);
      expect(await jobs({ 'x-api-key': key }, url)).toBe(200);
    }
    const flipped = key.slice(0, -1) + (key.endsWith('A') ? 'B' : 'A');
    for (const wrong of [flipped, key.slice(0, -1), `${key}A`, key.toUpperCase(), 'honua_', ''])
      expect(await jobs(bearer(wrong)), wrong).toBe(401);
    expect(await jobs({})).toBe(401);
  });

  it('is in no list, no row and no other answer once it was shown', async () => {
    const { id, key } = await tenantWithKey(server.url, 'acme');
    const { keys } = await asOperator(server.url, '/admin/tenants/acme/keys');
    const listed = keys.find((one: { id: string }) => one.id === id);
    expect(listed.prefix).toBe(key.slice(0, 18));
    const client = new Client({ connectionString: server.database.superUrl });
    await client.connect();
    const { rows } = await client.query('select k::text from api_keys k');
    await client.end();
    const secret = key.slice(19);
    expect(secret.length).toBeGreaterThanOrEqual(43); // 256 bits
    expect(JSON.stringify([keys, rows])).not.toContain(secret);
  });

  it('does what its scopes say', async () => {
    const { key } = await tenantWithKey(server.url, 'acme', ['read']);
    const run = await fetch(`${server.url}/processes/echo/execution`, {
      method: 'POST',
      headers: { ...bearer(key), 'content-type': 'application/json' },
      body: '{"inputs":{"echo":"x"}}',
    });
    expect(run.status).toBe(403);
    expect(((await run.json()) as { code: string }).code).toBe('scope-missing');
    const admin = { method: 'POST', body: { user: 'x', scopes: ['admin'] }, expect: [400] };
    await asOperator(server.url, '/admin/tenants/acme/keys', admin);
    await asOperator(server.url, '/admin/tenants/nobody/keys', {
      ...admin,
      body: { user: 'x', scopes: ['read'] },
      expect: [404],
    });
    await asOperator(server.url, '/admin/tenants/acme/keys', {
      ...admin,
      body: { user: 'x', scopes: [], tenant: 'beta' },
    });
  });

  it('ends at its time', async () => {
    const expiresAt = new Date(Date.now() + 1_500).toISOString();
    const { key } = await asOperator(server.url, '/admin/tenants/acme/keys', {
      method: 'POST',
      body: { user: 'brief', scopes: ['read'], expiresAt },
    });
    expect(await jobs(bearer(key))).toBe(200);
    expect(await msUntil(401, bearer(key), server.url)).toBeLessThan(3_000);
  });

  it('is changed for another while both are good', async () => {
    const { id, key } = await tenantWithKey(server.url, 'acme');
    const made = await asOperator(server.url, `/admin/tenants/acme/keys/${id}/rotate`, { method: 'POST' });
    expect(await jobs(bearer(key))).toBe(200);
    expect(await jobs(bearer(made.key))).toBe(200);
    const { keys } = await asOperator(server.url, '/admin/tenants/acme/keys');
    const old = keys.find((one: { id: string }) => one.id === id);
    expect(Date.parse(old.expiresAt) - Date.now()).toBeLessThanOrEqual(86_400_000);
  });

  it('is of no other tenant', async () => {
    const { id } = await tenantWithKey(server.url, 'acme');
    await tenantWithKey(server.url, 'beta');
    for (const [method, path] of [
      ['DELETE', ''],
      ['POST', '/rotate'],
    ] as const)
      await asOperator(server.url, `/admin/tenants/beta/keys/${id}${path}`, { method, expect: [404] });
  });

  it('revoked, it opens nothing on another replica within two seconds, nor does a token made with it', async () => {
    const { id, key } = await tenantWithKey(server.url, 'acme');
    const form = new URLSearchParams({ username: 'any', password: key, f: 'json' });
    const reply = await fetch(`${second.url}/arcgis/tokens`, { method: 'POST', body: form });
    const { token } = (await reply.json()) as { token: string };
    expect([await jobs(bearer(key), second.url), await jobs(bearer(token), second.url)]).toEqual([200, 200]);
    await asOperator(server.url, `/admin/tenants/acme/keys/${id}`, { method: 'DELETE' });
    expect(await msUntil(401, bearer(key), second.url)).toBeLessThan(2_000);
    expect(await jobs(bearer(token), second.url)).toBe(401);
    expect(await jobs(bearer(key))).toBe(401);
  });
});

describe('a tenant', () => {
  it('is entered, named, shut out on every replica within two seconds, and let in again', async () => {
    const { key } = await tenantWithKey(server.url, 'gamma');
    expect(await jobs(bearer(key), second.url)).toBe(200);
    const change = (body: object): Promise<any> =>
      asOperator(server.url, '/admin/tenants/gamma', { method: 'PATCH', body });
    expect(await change({ title: 'Gamma' })).toMatchObject({ id: 'gamma', title: 'Gamma', enabled: true });
    await change({ enabled: false });
    expect(await msUntil(401, bearer(key), second.url)).toBeLessThan(2_000);
    expect(await asOperator(server.url, '/admin/tenants/gamma')).toMatchObject({
      title: 'Gamma',
      enabled: false,
    });
    await change({ enabled: true });
    expect(await msUntil(200, bearer(key), second.url)).toBeLessThan(2_000);
  });

  it('of the operators is neither shut out nor erased', async () => {
    const refused = { expect: [409] };
    await asOperator(server.url, '/admin/tenants/default', {
      method: 'PATCH',
      body: { enabled: false },
      ...refused,
    });
    await asOperator(server.url, '/admin/tenants/default', { method: 'DELETE', ...refused });
    expect(await jobs(bearer(ADMIN_KEY))).toBe(200);
  });

  it('that has faults is refused with each of them', async () => {
    const wrong = { id: '../x', title: '', more: 1 };
    const problem = await asOperator(server.url, '/admin/tenants', {
      method: 'POST',
      body: wrong,
      expect: [400],
    });
    expect(problem.faults.length).toBeGreaterThanOrEqual(2);
    await asOperator(server.url, '/admin/tenants', {
      method: 'POST',
      body: { id: 'default' },
      expect: [409],
    });
    await asOperator(server.url, '/admin/tenants/none', { expect: [404] });
  });
});

it('whoever fails too often waits, while right keys go on', async () => {
  const limited = await startServer({ ...REQUIRED, Identity__FailedAttempts__Max: '5' });
  try {
    const replies: Response[] = [];
    for (let n = 0; n < 8; n++)
      replies.push(
        await fetch(`${limited.url}/jobs`, { headers: bearer(`honua_${'0'.repeat(12)}_${'x'.repeat(43)}`) }),
      );
    expect(replies.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401, 429, 429, 429]);
    expect(Number(replies.at(-1)!.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(replies[0]!.headers.get('www-authenticate')).toBe('Bearer');
    const form = new URLSearchParams({ username: 'any', password: ADMIN_KEY, f: 'json' });
    const login = await (await fetch(`${limited.url}/arcgis/tokens`, { method: 'POST', body: form })).json();
    expect(login).toMatchObject({ error: { code: 429 } });
    expect(await jobs(bearer(ADMIN_KEY), limited.url)).toBe(200);
  } finally {
    await limited.close();
  }
});

it('a server that nobody could come in to does not start', async () => {
  await expect(startServer({ Identity__Mode: 'required' })).rejects.toThrow('nobody can sign in');
});
