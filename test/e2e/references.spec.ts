import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { withClient } from '../../launcher/private-cluster.ts';
import { startServer, type TestServer } from '../support/app.js';
import { jobUrl, post, submit, untilFinished } from '../support/ogc-client.js';
import { type Receiver, startReceiver } from '../support/receiver.js';

const MEBIBYTE = 1024 ** 2;
const POINT = { type: 'Point', coordinates: [7, 51] };
const GEOJSON = 'application/geo+json';

let host: Receiver;
let server: TestServer;
const artifacts = mkdtempSync(join(tmpdir(), 'honua-references-'));
beforeAll(async () => {
  host = await startReceiver();
  server = await startServer({
    Outbound__Allow: host.host,
    Outbound__FetchTimeout: '1s',
    Limits__MaxArtifactSizeBytes: '2MiB',
    Processing__ArtifactStore__Folder: artifacts,
    // The seal of the ledger would write into the folder that is looked at.
    Ledger__SealEvery: '1h',
  });
});
afterAll(async () => {
  await server.close();
  await host.close();
  rmSync(artifacts, { recursive: true, force: true });
});
beforeEach(() => {
  host.received.length = 0;
  host.answer = () => 200;
  host.content = () => ({ type: GEOJSON, body: JSON.stringify(POINT) });
});

const files = (): string[] =>
  readdirSync(artifacts, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
const link = (path = '/a.geojson', type?: string): object => ({
  href: host.url + path,
  ...(type && { type }),
});
const buffer = (features: unknown, distance: unknown = 10): Promise<Response> =>
  post(server.url, 'buffer', { inputs: { features, distance } });

async function expectRefusal(reply: Response, status: number, code: string): Promise<void> {
  const text = await reply.text();
  expect(reply.status, text).toBe(status);
  const problem = JSON.parse(text) as { code: string; faults: { path: string }[] };
  expect(problem.code).toBe(code);
  expect(problem.faults[0]!.path).toMatch(/^\/inputs\/features/);
}

describe('a value by reference', () => {
  it.each([
    ['GeoJSON by its type', GEOJSON, JSON.stringify(POINT), undefined],
    ['GeoJSON without a type', undefined, JSON.stringify(POINT), undefined],
    ['GeoJSON as plain text', 'text/plain', JSON.stringify(POINT), undefined],
    ['WKT', 'text/plain; charset=utf-8', 'POINT (7 51)\n', undefined],
    ['what the request says it is, whatever the host says', 'text/html', JSON.stringify(POINT), GEOJSON],
  ])('is read as %s', async (_, type, body, claimed) => {
    const inline = await (await buffer(POINT)).text();
    host.content = () => ({ ...(type && { type }), body });
    const reply = await buffer(link('/x', claimed));
    expect(reply.status, await reply.clone().text()).toBe(200);
    expect(await reply.text()).toBe(inline);
    expect(host.received).toHaveLength(1);
    if (claimed) expect(host.received[0]!.headers.accept).toBe(claimed);
  });

  it('may be a number, a text, or one of several values', async () => {
    host.content = ({ path }) => ({
      type: 'text/plain',
      body: path === '/number' ? ' 10\n' : 'Hallo Zürich',
    });
    expect((await buffer(POINT, link('/number'))).status).toBe(200);
    const echo = await post(server.url, 'echo', { inputs: { echo: link('/text') }, outputs: { echo: {} } });
    expect(await echo.json()).toBe('Hallo Zürich');
    const features = {
      type: 'FeatureCollection',
      features: [
        {
          type: 'Feature',
          properties: { k: 1 },
          geometry: {
            type: 'Polygon',
            coordinates: [
              [
                [0, 0],
                [1, 0],
                [1, 1],
                [0, 0],
              ],
            ],
          },
        },
      ],
    };
    host.content = () => ({ type: 'application/json', body: '"k"' });
    const dissolve = await post(server.url, 'dissolve', { inputs: { features, by: [link('/name')] } });
    expect(dissolve.status, await dissolve.clone().text()).toBe(200);
  });

  it('is asked for once, however often it is named', async () => {
    host.content = () => ({
      type: GEOJSON,
      body: JSON.stringify({
        type: 'Polygon',
        coordinates: [
          [
            [0, 0],
            [1, 0],
            [1, 1],
            [0, 0],
          ],
        ],
      }),
    });
    const reply = await post(server.url, 'intersection', { inputs: { features: link(), overlay: link() } });
    expect([200, 400], await reply.clone().text()).toContain(reply.status);
    expect(host.received).toHaveLength(1);
  });

  it('is kept with its run: provenance on the row, and nothing is fetched again', async () => {
    const job = await submit(server.url, 'buffer', { inputs: { features: link(), distance: 10 } });
    expect((await untilFinished(job)).status).toBe('successful');
    expect(host.received).toHaveLength(1);
    const { rows } = await withClient(server.database.superUrl, (client) =>
      client.query<{ references: object[] }>(
        `select input -> 'references' as references from process_runs where id = $1`,
        [job.split('/').at(-1)],
      ),
    );
    const bytes = JSON.stringify(POINT);
    expect(rows[0]!.references).toEqual([
      {
        href: `${host.url}/a.geojson`,
        mediaType: GEOJSON,
        size: bytes.length,
        sha256: createHash('sha256').update(bytes).digest('hex'),
      },
    ]);
    await fetch(job, { method: 'DELETE' });
  });

  it('of a replayed request is not fetched', async () => {
    const body = { inputs: { features: link(), distance: 10 } };
    const headers = { 'idempotency-key': 'once', prefer: 'respond-async' };
    const first = await post(server.url, 'buffer', body, headers);
    const again = await post(server.url, 'buffer', body, headers);
    expect(jobUrl(server.url, again)).toBe(jobUrl(server.url, first));
    expect(host.received).toHaveLength(1);
  });

  it('is measured by a dry run, which leaves nothing', async () => {
    const before = files();
    const reply = await fetch(`${server.url}/processes/buffer/execution?dry-run=true`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ inputs: { features: link(), distance: 10 } }),
    });
    expect(reply.status).toBe(200);
    expect(files()).toEqual(before);
  });

  it('in base64 is read as what it stands for', async () => {
    const inline = await (await buffer(POINT)).text();
    const value = Buffer.from(JSON.stringify(POINT)).toString('base64');
    const reply = await buffer({ value, encoding: 'base64', mediaType: GEOJSON });
    expect(await reply.text()).toBe(inline);
    expect((await buffer({ value: '!!!', encoding: 'base64' })).status).toBe(400);
  });
});

describe('a reference is refused, and leaves nothing,', () => {
  let before: string[];
  beforeEach(() => {
    before = files();
  });
  const expectNothingLeft = (): void => expect(files()).toEqual(before);

  it.each([404, 401, 500, 204])('that is answered with %i', async (status) => {
    host.answer = () => status;
    await expectRefusal(await buffer(link()), 400, 'reference-unreachable');
    expectNothingLeft();
  });

  it.each([301, 302, 307])('that redirects by %i', async (status) => {
    host.answer = () => status;
    await expectRefusal(await buffer(link()), 400, 'reference-redirected');
    expect(host.received).toHaveLength(1);
    expectNothingLeft();
  });

  it('that says nothing', async () => {
    host.answer = () => 'hang';
    await expectRefusal(await buffer(link()), 400, 'reference-timeout');
    expectNothingLeft();
  });

  it('that is too large', async () => {
    host.content = () => ({ type: GEOJSON, body: Buffer.alloc(3 * MEBIBYTE, ' ') });
    await expectRefusal(await buffer(link()), 413, 'reference-too-large');
    expectNothingLeft();
  });

  it.each([
    ['no JSON', GEOJSON, '{"type":'],
    ['JSON of the wrong kind', GEOJSON, '{"type":"Circle"}'],
    ['no WKT', 'text/plain', 'POINT (1'],
    ['no text', 'text/plain', Buffer.from([0xff, 0xfe, 0x00])],
    ['nothing', GEOJSON, ''],
  ])('that gives %s', async (_, type, body) => {
    host.content = () => ({ type, body });
    await expectRefusal(await buffer(link()), 400, 'invalid-input');
    expectNothingLeft();
  });

  it('that is one of several, when another fails', async () => {
    host.answer = ({ path }) => (path === '/bad' ? 404 : 200);
    const reply = await buffer(link('/bad'), link('/good'));
    await expectRefusal(reply, 400, 'reference-unreachable');
    expectNothingLeft();
  });

  it('and more than can be wanted', async () => {
    const by = Array.from({ length: 33 }, (_, index) => link(`/${index}`));
    const reply = await post(server.url, 'dissolve', { inputs: { features: POINT, by } });
    expect(reply.status).toBe(400);
    expect(host.received).toEqual([]);
  });
});

describe('a reference to this machine is refused before any connection', () => {
  let connections = 0;
  const listener = createServer((socket) => {
    connections++;
    socket.destroy();
  });
  beforeAll(async () => {
    listener.listen(0, '::');
    await once(listener, 'listening');
  });
  afterAll(() => void listener.close());

  it.each([
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f000001',
    '017700000001',
    '0.0.0.0',
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[64:ff9b::7f00:1]',
    '[2002:7f00:1::]',
    'localhost',
    'localhost.',
    '127.0.0.1.',
    '①②⑦.0.0.1',
    'user@127.0.0.1',
    '[fe80::1%25lo]',
  ])('%s', async (name) => {
    const { port } = listener.address() as AddressInfo;
    for (const suffix of [`:${port}`, ''])
      await expectRefusal(await buffer({ href: `http://${name}${suffix}/` }), 400, 'reference-refused');
    expect(connections).toBe(0);
  });

  it.each([
    'ftp://example.org/',
    'file:///etc/passwd',
    'data:text/plain,1',
    'nonsense',
    '//example.org/x',
    '/etc/passwd',
  ])('%s', async (href) => {
    await expectRefusal(await buffer({ href }), 400, 'reference-refused');
  });
});
