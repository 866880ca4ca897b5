/** The examples of the how-to about securing it, run one after the other as they stand. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { configSchema } from '../../src/config/schema.js';
import { startServer, type TestServer } from '../support/app.js';
import { ADMIN_KEY, bearer, REQUIRED } from '../support/identities.js';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '../..');
const page = readFileSync(resolve(root, 'docs/how-to/secure-it.md'), 'utf8');
const blocks = (language: string): string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(([, block]) => block!);

let server: TestServer;
beforeAll(async () => {
  server = await startServer(REQUIRED);
});
afterAll(() => server.close());

it('its commands do what it says', async () => {
  const env: Record<string, string | undefined> = {
    ...process.env,
    HONUA_ADMIN_KEY: ADMIN_KEY,
    Identity__Mode: 'required',
    DATABASE_URL: server.database.url,
  };
  const sh = async (block: string): Promise<string> => {
    const command = block.replaceAll('http://localhost:3000', server.url);
    return (await run('sh', ['-ec', command], { cwd: root, env })).stdout;
  };
  const [start, createKey, tenant, key, execute, rotate, revoke, shutOut, erase, ...more] = blocks('sh');
  expect(more).toEqual([]);
  expect(start).toContain('npm start'); // the server of this test is started so

  const operator = (await sh(createKey!)).trim();
  expect((await fetch(`${server.url}/admin/tenants`, { headers: bearer(operator) })).status).toBe(200);
  expect(JSON.parse(await sh(tenant!))).toMatchObject({ id: 'acme', title: 'Acme', enabled: true });
  const made = JSON.parse(await sh(key!)) as { id: string; key: string };
  Object.assign(env, { KEY: made.key, KEY_ID: made.id });
  expect(await sh(execute!)).toContain('Hello');
  const next = JSON.parse(await sh(rotate!)) as { key: string };
  expect(JSON.parse(await sh(revoke!))).toHaveProperty('revokedAt');
  const status = async (one: string): Promise<number> =>
    (await fetch(`${server.url}/jobs`, { headers: bearer(one) })).status;
  expect([await status(made.key), await status(next.key)]).toEqual([401, 200]);
  expect(JSON.parse(await sh(shutOut!))).toMatchObject({ enabled: false });
  expect(await status(next.key)).toBe(401);
  expect(await sh(erase!)).toBe('');
});

it('its settings are settings', () => {
  const [settings] = blocks('yaml').map((block) => parse(block) as { identity: object });
  const defaults = parse(readFileSync(resolve(root, 'config/default.yaml'), 'utf8')) as { identity: object };
  const merged = { ...defaults, identity: { ...defaults.identity, ...settings!.identity } };
  expect(configSchema.safeParse(merged).error).toBeUndefined();
});
