/** JSON Web Tokens of trusted issuers, and everything that only looks like one. */
import { createHmac } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startServer, type TestServer } from '../support/app.js';
import { ADMIN_KEY, asOperator, bearer, REQUIRED } from '../support/identities.js';

type Pair = Awaited<ReturnType<typeof generateKeyPair>>;

const ISSUER = 'https://login.example/';
const REMOTE = 'https://remote.example/';
let server: TestServer;
let pair: Pair;
/** Of the issuer too, but for an algorithm that is not on its list. */
let longer: Pair;
let remote: { pairs: Map<string, Pair>; asked: number; server: Server };
beforeAll(async () => {
  pair = await generateKeyPair('RS256', { extractable: true });
  longer = await generateKeyPair('RS512', { extractable: true });
  remote = { pairs: new Map([['one', await generateKeyPair('ES256')]]), asked: 0, server: createServer() };
  remote.server.on('request', (_request, response) => {
    remote.asked++;
    void keysOf(remote.pairs).then((keys) => response.end(JSON.stringify({ keys })));
  });
  await new Promise<void>((resolve) => remote.server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(remote.server.address() as AddressInfo).port}`;
  const jwks = {
    keys: [
      { ...(await exportJWK(pair.publicKey)), kid: 'k', alg: 'RS256' },
      { ...(await exportJWK(longer.publicKey)), kid: 'longer', alg: 'RS512' },
    ],
  };
  const more = { audience: 'honua', scopes: { 'gp.run': 'execute', 'gp.read': 'read', 'gp.admin': 'admin' } };
  server = await startServer({
    ...REQUIRED,
    Identity__FailedAttempts__Max: '1000',
    Outbound__Allow: host,
    Identity__Issuers: JSON.stringify([
      { issuer: ISSUER, jwks, ...more },
      { issuer: REMOTE, jwksUrl: `http://${host}/keys`, tenant: 'acme', ...more },
    ]),
  });
  for (const id of ['acme', 'beta'])
    await asOperator(server.url, '/admin/tenants', { method: 'POST', body: { id } });
});
afterAll(async () => {
  await server.close();
  remote.server.close();
});

const keysOf = (pairs: Map<string, Pair>): Promise<object[]> =>
  Promise.all(
    [...pairs].map(async ([kid, { publicKey }]) => ({ ...(await exportJWK(publicKey)), kid, alg: 'ES256' })),
  );

const CLAIMS: JWTPayload = { sub: 'ana', tenant: 'acme', scope: 'gp.run gp.read', iss: ISSUER, aud: 'honua' };

async function token(
  claims: JWTPayload = {},
  {
    header = {},
    expires = '5m',
    by = pair,
    alg = 'RS256',
  }: { header?: object; expires?: string; by?: Pair; alg?: string } = {},
): Promise<string> {
  const signed = new SignJWT({ ...CLAIMS, ...claims }).setProtectedHeader({
    alg,
    kid: 'k',
    typ: 'at+jwt',
    ...header,
  });
  return (expires === '' ? signed : signed.setExpirationTime(expires)).sign(by.privateKey);
}

const ask = async (jwt: string, path = '/jobs'): Promise<number> =>
  (await fetch(server.url + path, { headers: bearer(jwt) })).status;

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const expiring = { ...CLAIMS, exp: Math.floor(Date.now() / 1000) + 300 };

it('a token of a trusted issuer opens what its scopes say, in its tenant', async () => {
  expect(await ask(await token())).toBe(200);
  expect(await ask(await token({}, { header: { typ: 'JWT' } }))).toBe(200);
  expect(await ask(await token({ scope: 'gp.run' }))).toBe(403);
  expect(await ask(await token({ scope: ['gp.read'] as never }))).toBe(200);
  expect(await ask(await token({ aud: ['other', 'honua'] }))).toBe(200);
});

it('the clocks may differ a little', async () => {
  const at = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds;
  expect(await ask(await token({ exp: at(-20) }, { expires: '' }))).toBe(200);
  expect(await ask(await token({ exp: at(-60) }, { expires: '' }))).toBe(401);
  expect(await ask(await token({ nbf: at(20) }))).toBe(200);
  expect(await ask(await token({ nbf: at(60) }))).toBe(401);
});

it('nobody of a tenant that was not entered comes in, and nobody but an operator is one', async () => {
  expect(await ask(await token({ tenant: 'stranger' }))).toBe(401);
  expect(await ask(await token({ tenant: undefined }))).toBe(401);
  expect(await ask(await token({ tenant: ['acme'] }))).toBe(401);
  expect(await ask(await token({ scope: 'gp.admin gp.read' }), '/admin/tenants')).toBe(403);
  expect(await ask(await token({ tenant: 'default', scope: 'gp.admin' }), '/admin/tenants')).toBe(200);
});

it('what is unsigned, or signed with what everybody has, is refused', async () => {
  const none = `${part({ alg: 'none', typ: 'at+jwt' })}.${part(expiring)}.`;
  expect(await ask(none)).toBe(401);
  // The public key taken for a shared secret: the classic confusion.
  const head = `${part({ alg: 'HS256', typ: 'at+jwt', kid: 'k' })}.${part(expiring)}`;
  for (const secret of [
    await exportSPKI(pair.publicKey),
    JSON.stringify(await exportJWK(pair.publicKey)),
    '',
  ]) {
    const mac = createHmac('sha256', secret).update(head).digest('base64url');
    expect(await ask(`${head}.${mac}`)).toBe(401);
  }
});

it('another algorithm, type, audience, issuer, key or time is refused', async () => {
  const stranger = await generateKeyPair('RS256');
  const refused = {
    algorithm: await token({}, { alg: 'RS512', by: longer, header: { kid: 'longer' } }),
    type: await token({}, { header: { typ: 'id_token+jwt' } }),
    'no type': await token({}, { header: { typ: undefined } }),
    audience: await token({ aud: 'other' }),
    'no audience': await token({ aud: undefined }),
    issuer: await token({ iss: 'https://evil.example/' }),
    'issuer of another key': await token({ iss: REMOTE }),
    key: await token({}, { by: stranger }),
    'key of its own': await token({}, { by: stranger, header: { jwk: await exportJWK(stranger.publicKey) } }),
    'no end': await token({}, { expires: '' }),
    nobody: await token({ sub: undefined }),
    scopes: await token({ scope: 'admin execute read' }),
  };
  for (const [what, jwt] of Object.entries(refused)) expect(await ask(jwt), what).toBe(401);
  const [head, , mac] = (await token()).split('.');
  expect(await ask(`${head}.${part({ ...expiring, sub: 'eve' })}.${mac}`)).toBe(401);
});

it('keys are fetched where the issuer shows them, and again for one that is new, once a minute at most', async () => {
  const of = (kid: string, by: Pair): Promise<string> =>
    token({ iss: REMOTE }, { by, alg: 'ES256', header: { kid } });
  expect(await ask(await of('one', remote.pairs.get('one')!))).toBe(200);
  expect(await ask(await of('one', remote.pairs.get('one')!))).toBe(200);
  expect(remote.asked).toBe(1);
  const stranger = await generateKeyPair('ES256');
  for (let n = 0; n < 5; n++) expect(await ask(await of(`unknown-${n}`, stranger))).toBe(401);
  expect(remote.asked).toBe(1);
  expect(await ask(ADMIN_KEY)).toBe(200);
});
