/** What stands between a client and the server: proxies that say where they were asked, and compression. */
import { request as open, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../support/app.js';

let server: TestServer;
let trusting: TestServer;
beforeAll(async () => {
  server = await startServer();
  trusting = await startServer({ Server__TrustedProxies: '10.0.0.0/8, loopback' });
});
afterAll(() => Promise.all([server.close(), trusting.close()]));

/** As sent: fetch would decompress, and hide what it sent itself. */
async function exchange(
  path: string,
  headers: Record<string, string>,
  { base = server.url, method = 'GET', body = '' } = {},
): Promise<{ status: number; headers: IncomingHttpHeaders; body: Buffer }> {
  const reply = await new Promise<IncomingMessage>((resolve, reject) =>
    open(base + path, { method, headers }, resolve)
      .on('error', reject)
      .end(body),
  );
  const chunks: Buffer[] = [];
  for await (const chunk of reply) chunks.push(chunk as Buffer);
  return { status: reply.statusCode!, headers: reply.headers, body: Buffer.concat(chunks) };
}

const FORWARDED = {
  'x-forwarded-proto': 'https',
  'x-forwarded-host': 'gis.example.org',
  'x-forwarded-prefix': '/gp',
};

describe('a proxy', () => {
  const landing = async (base: string, headers: Record<string, string>): Promise<string[]> => {
    const { body } = await exchange('/', headers, { base });
    return (JSON.parse(body.toString()) as { links: { href: string }[] }).links.map(({ href }) => href);
  };

  it('that is trusted says where the links point to', async () => {
    for (const href of await landing(trusting.url, FORWARDED))
      expect(href).toMatch(/^https:\/\/gis\.example\.org\/gp\//);
    const { body } = await exchange('/api/openapi.json', FORWARDED, { base: trusting.url });
    expect(JSON.parse(body.toString())).toMatchObject({ servers: [{ url: 'https://gis.example.org/gp' }] });
  });

  it('that is trusted cannot put anything but an address into them', async () => {
    const headers = { 'x-forwarded-host': 'x"><script>', 'x-forwarded-prefix': '/"onload=' };
    for (const href of await landing(trusting.url, headers)) expect(href).toMatch(/^http:\/\/localhost\/\w*/);
  });

  it('that nobody trusts is not believed', async () => {
    for (const href of await landing(server.url, FORWARDED)) expect(href.startsWith(server.url)).toBe(true);
  });
});

describe('an answer', () => {
  const points = Array.from({ length: 200 }, (_, i) => ({
    type: 'Feature',
    properties: { name: `Point number ${i}` },
    geometry: { type: 'Point', coordinates: [i / 10, 45] },
  }));
  const execute = (
    headers: Record<string, string>,
    inputs: object = { features: { type: 'FeatureCollection', features: points }, distance: 1000 },
  ): ReturnType<typeof exchange> =>
    exchange(
      '/processes/buffer/execution',
      { 'content-type': 'application/json', ...headers },
      { method: 'POST', body: JSON.stringify({ inputs }) },
    );

  it('is compressed for whoever takes that, and is the same', async () => {
    const plain = await execute({});
    expect(plain.headers).not.toHaveProperty('content-encoding');
    expect(plain.headers['content-length']).toBe(String(plain.body.length));
    const gzip = await execute({ 'accept-encoding': 'gzip' });
    expect(gzip.headers).toMatchObject({
      'content-encoding': 'gzip',
      vary: expect.stringMatching(/accept-encoding/i),
    });
    expect(gunzipSync(gzip.body).equals(plain.body)).toBe(true);
    const brotli = await execute({ 'accept-encoding': 'gzip;q=0.5, br' });
    expect(brotli.headers['content-encoding']).toBe('br');
    expect(brotliDecompressSync(brotli.body).equals(plain.body)).toBe(true);
    expect(gzip.body.length).toBeLessThan(plain.body.length / 2);
  });

  it('that is small is not', async () => {
    const small = await exchange('/health/live', { 'accept-encoding': 'gzip' });
    expect(small.headers).not.toHaveProperty('content-encoding');
  });

  it('that is a problem is readable', async () => {
    const { status, body } = await exchange('/processes/none', { 'accept-encoding': 'gzip' });
    expect([status, (JSON.parse(body.toString()) as { code: string }).code]).toEqual([
      404,
      'process-not-found',
    ]);
  });

  it('that can be read in ranges is sent as it is stored', async () => {
    const made = await exchange(
      '/processes/buffer/execution',
      { 'content-type': 'application/json' },
      {
        method: 'POST',
        body: JSON.stringify({
          inputs: { features: { type: 'FeatureCollection', features: points }, distance: 1000 },
          outputs: { result: { transmissionMode: 'reference' } },
        }),
      },
    );
    const href = /<([^>]+)>; rel="result"/.exec(String(made.headers.link))![1]!;
    const { headers, body } = await exchange(new URL(href).pathname, { 'accept-encoding': 'gzip' });
    expect(headers).not.toHaveProperty('content-encoding');
    expect(headers['content-length']).toBe(String(body.length));
  });
});
