/** Every route says who may use it, and is held to that before anything else. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startServer, type TestServer } from '../support/app.js';
import { type Route, routesOf } from '../support/routes.js';

let server: TestServer;
let routes: Route[];
let token: string;
beforeAll(async () => {
  server = await startServer({
    Identity__Logins: 'ana:secret@acme',
    Identity__FailedAttempts__Max: '1000',
  });
  routes = routesOf(server.app);
  const form = new URLSearchParams({ username: 'ana', password: 'secret', f: 'json' });
  const reply = await fetch(`${server.url}/arcgis/tokens`, { method: 'POST', body: form });
  ({ token } = (await reply.json()) as { token: string });
});
afterAll(() => server.close());

const NAMES: Record<string, string> = { service: 'GP', task: 'buffer', operation: 'buffer' };
const urlOf = ({ path }: Route): string =>
  server.url + path.replaceAll(/[:*](\w+)/g, (_, name: string) => NAMES[name] ?? 'x');
const isEsri = ({ path }: Route): boolean => /^\/(?:arcgis|rest)(?:\/|$)/.test(path);
/** The code of the answer, in the form of the protocol. */
async function refusalOf(route: Route, init: RequestInit = {}): Promise<number> {
  const method = route.method === 'ALL' ? 'POST' : route.method;
  const reply = await fetch(urlOf(route), { method, redirect: 'manual', ...init });
  if (!isEsri(route)) return reply.status;
  return ((await reply.json()) as { error: { code: number } }).error.code;
}
const needing = (...scopes: string[]): Route[] => routes.filter(({ rule }) => scopes.includes(rule!.scope));

it('every route says who may use it', () => {
  expect(routes.length).toBeGreaterThan(50);
  expect(routes.filter(({ rule }) => rule === undefined)).toEqual([]);
});

it('the router has no routes beside them but the API definitions', () => {
  const { stack } = (
    server.app.getHttpAdapter().getInstance() as { router: { stack: { route?: { path: string } }[] } }
  ).router;
  const known = new Set(routes.map(({ path }) => path));
  const others = stack.flatMap(({ route }) => (route && !known.has(route.path) ? [route.path] : []));
  // The first is middleware, which comes before every route.
  const beside = others.filter((path) => path !== '{/*splat}' && !/^\/api(?:[/-]|$)/.test(path));
  expect(beside).toEqual([]);
});

it('a caller whom nobody knows gets no further than that, on every route that asks', async () => {
  for (const route of needing('read', 'execute', 'admin'))
    expect(await refusalOf(route), `${route.method} ${route.path}`).toBe(isEsri(route) ? 499 : 401);
});

it('where a form may carry the token, one without gets no further either', async () => {
  const forms = needing('read', 'execute').filter(isEsri);
  expect(forms.length).toBeGreaterThan(10);
  for (const route of forms) {
    const body = new URLSearchParams({ f: 'json' });
    expect(await refusalOf(route, { body }), route.path).toBe(499);
    body.set('token', 'x');
    expect(await refusalOf(route, { body }), route.path).toBe(498);
  }
});

it('nor does one without the scope', async () => {
  expect(needing('admin').length).toBeGreaterThan(0);
  for (const route of needing('admin'))
    expect(await refusalOf(route, { headers: { authorization: `Bearer ${token}` } }), route.path).toBe(403);
});

it('operators have a definition of their own, and the protocol’s does not have their routes', async () => {
  const pathsIn = async (path: string): Promise<string[]> => {
    const document = (await (await fetch(server.url + path)).json()) as { paths: object };
    return Object.keys(document.paths);
  };
  const [admin, ogc] = [await pathsIn('/api/admin-openapi.json'), await pathsIn('/api/openapi.json')];
  expect(admin).toContain('/admin/tenants');
  expect(admin.filter((path) => !/^\/admin(\/|$)/.test(path))).toEqual([]);
  expect(ogc.filter((path) => path.startsWith('/admin'))).toEqual([]);
});
