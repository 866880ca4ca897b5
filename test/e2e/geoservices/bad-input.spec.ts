import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../../support/app.js';
import { askWell, type Envelope, gp, pointSet, untilOver } from '../../support/esri-client.js';

/** Whatever is sent wherever: an answer in time, HTTP 200, Esri's envelope, and no code of a fault of ours. */
let server: TestServer;
let job: string;

beforeAll(async () => {
  server = await startServer({ Limits__MaxInputSizeBytes: '1MiB', Limits__MaxInputFeatures: '100' });
  const { jobId } = await askWell(gp(server.url, 'echo/submitJob'), { Echo: 'x' });
  job = `echo/jobs/${jobId}`;
  await untilOver(gp(server.url, job));
});
afterAll(() => server.close());

const FORM = 'application/x-www-form-urlencoded';

async function envelopeOf(reply: Response, what: string): Promise<Envelope['error']> {
  const text = await reply.text();
  expect(reply.status, `${what}: ${text.slice(0, 200)}`).toBe(200);
  expect(reply.headers.get('content-type'), what).toMatch(/^application\/json/);
  const { error, ...others } = JSON.parse(text) as Envelope;
  expect(others, what).toEqual({});
  expect(error.code, `${what}: ${text}`).toBeGreaterThanOrEqual(400);
  expect(error.code, `${what}: ${text}`).toBeLessThan(500);
  expect(error.message, what).not.toBe('');
  expect(error.details.length, what).toBeGreaterThan(0);
  for (const detail of error.details) expect(detail, what).toEqual(expect.any(String));
  expect(text, what).not.toMatch(/node_modules|at Object|\/src\/|select /i);
  return error;
}

/** Bytes for the server as they are, which fetch would not send. */
function raw(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body = '',
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(server.url);
    const sent = request({ hostname, port, method, path, headers }, (reply) => {
      const chunks: Buffer[] = [];
      reply.on('data', (chunk: Buffer) => chunks.push(chunk));
      reply.on('end', () =>
        resolve(
          new Response(Buffer.concat(chunks), {
            status: reply.statusCode!,
            headers: { 'content-type': reply.headers['content-type'] ?? '' },
          }),
        ),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const base = '/arcgis/rest/services/GP/GPServer';
const paths = (): string[] => [
  '/arcgis/rest/info',
  '/arcgis/rest/services',
  base,
  `${base}/buffer`,
  `${base}/buffer/execute`,
  `${base}/buffer/submitJob`,
  `${base}/${job}`,
  `${base}/${job}/cancel`,
  `${base}/${job}/results`,
  `${base}/${job}/inputs`,
  `${base}/${job}/results/Output_Echo`,
  `${base}/${job}/inputs/Echo`,
];

describe('every route', () => {
  it.each([
    ['an unknown f', 'f=kmz', {}],
    ['a script for f', 'f=%3Cscript%3E', {}],
    ['a callback that is no name', 'f=json&callback=alert(1)', {}],
  ])('answers %s with an envelope', async (what, query) => {
    for (const path of paths()) await envelopeOf(await raw('GET', `${path}?${query}`), `${what} ${path}`);
  });

  it('refuses methods that are none of its own', async () => {
    for (const method of ['PUT', 'DELETE', 'PATCH'])
      for (const path of paths()) await envelopeOf(await raw(method, path), `${method} ${path}`);
  });

  it.each<[string, Record<string, string>, string]>([
    ['a body of another type', { 'content-type': 'text/xml' }, '<a/>'],
    ['a compressed body', { 'content-type': FORM, 'content-encoding': 'gzip' }, 'f=json'],
    ['a form without its boundary', { 'content-type': 'multipart/form-data' }, 'x'],
    [
      'a form cut short',
      { 'content-type': 'multipart/form-data; boundary=b' },
      '--b\r\nContent-Disposition: form-data; name="f"\r\n\r\njson',
    ],
    ['a form of nonsense', { 'content-type': 'multipart/form-data; boundary=b' }, '\0\0\0'],
    ['JSON that is none', { 'content-type': 'application/json' }, '{'],
    ['JSON that is a list', { 'content-type': 'application/json' }, '[]'],
    ['JSON that is null', { 'content-type': 'application/json' }, 'null'],
    ['a type that is too long', { 'content-type': `multipart/form-data; boundary=${'b'.repeat(2000)}` }, 'x'],
  ])('answers %s with an envelope', async (what, headers, body) => {
    for (const path of paths())
      await envelopeOf(
        await raw('POST', path, { ...headers, 'content-length': String(Buffer.byteLength(body)) }, body),
        `${what} ${path}`,
      );
  });
});

it.each([
  '/arcgis',
  '/arcgis/rest/nothing',
  '/arcgis/rest/services/None/GPServer?f=json',
  '/arcgis/rest/services/GP/MapServer?f=json',
  '/rest/x/y/z',
  `${base}/nothing?f=json`,
  `${base}/__proto__?f=json`,
  `${base}/constructor/execute?f=json&a=b`,
  `${base}/%00?f=json`,
  `${base}/%E0%A4%A?f=json`,
  `${base}/..%2f..%2fetc?f=json`,
  `${base}/${'a'.repeat(3000)}?f=json`,
  `${base}/buffer/jobs/x?f=json`,
  `${base}/buffer/jobs/j${'0'.repeat(32)}?f=json`,
  `${base}/buffer/jobs/%00?f=json`,
  `${base}/buffer/jobs/'%20or%201=1?f=json`,
  `${base}/jobs/j01990000000070008000000000000000/results/x?f=json`,
  `${base}/buffer/uploads/upload?f=json`,
])('%s is an envelope', async (path) => {
  await envelopeOf(await raw('GET', path), path);
  await envelopeOf(await raw('POST', path, { 'content-type': FORM, 'content-length': '6' }, 'f=json'), path);
});

describe('parameters', () => {
  const point = JSON.stringify(pointSet(1, 1));
  it.each<[string, Record<string, string>]>([
    ['no JSON', { Input_Features: '{"features":[', Distance: '1' }],
    ['a number for features', { Input_Features: '5', Distance: '1' }],
    ['a list for features', { Input_Features: '[]', Distance: '1' }],
    ['an empty object', { Input_Features: '{}', Distance: '1' }],
    ['features that are texts', { Input_Features: '{"features":["a"]}', Distance: '1' }],
    ['features that are null', { Input_Features: '{"features":[null]}', Distance: '1' }],
    [
      'text for a coordinate',
      { Input_Features: '{"features":[{"geometry":{"x":"1","y":2}}]}', Distance: '1' },
    ],
    [
      'infinity for a coordinate',
      { Input_Features: '{"features":[{"geometry":{"x":1e999,"y":2}}]}', Distance: '1' },
    ],
    [
      'a latitude beyond the pole',
      { Input_Features: '{"features":[{"geometry":{"x":1,"y":91}}]}', Distance: '1' },
    ],
    [
      'rings that are numbers',
      { Input_Features: '{"features":[{"geometry":{"rings":[1]}}]}', Distance: '1' },
    ],
    [
      'nesting without end',
      { Input_Features: `{"features":${'['.repeat(20_000)}${']'.repeat(20_000)}}`, Distance: '1' },
    ],
    [
      'deep attributes',
      {
        Input_Features: `{"features":[{"attributes":{"a":${'['.repeat(5000)}${']'.repeat(5000)}}}]}`,
        Distance: '1',
      },
    ],
    [
      'a spatial reference that is none',
      { Input_Features: '{"features":[],"spatialReference":{"wkid":-1}}', Distance: '1' },
    ],
    ['an outSR that is none', { Input_Features: point, Distance: '1', 'env:outSR': 'Moon' }],
    ['a context that is a list', { Input_Features: point, Distance: '1', context: '[]' }],
    ['a context that is no JSON', { Input_Features: point, Distance: '1', context: '{' }],
    ['no number', { Input_Features: point, Distance: 'NaN' }],
    ['infinity', { Input_Features: point, Distance: '1e999' }],
    ['a unit that is none', { Input_Features: point, Distance: '{"distance":1,"units":"esriParsecs"}' }],
    ['a unit that is a number', { Input_Features: point, Distance: '{"distance":1,"units":5}' }],
    ['a distance in a distance', { Input_Features: point, Distance: '{"distance":{"distance":1}}' }],
    [
      'more features than may be',
      {
        Input_Features: JSON.stringify({
          features: Array.from({ length: 101 }, () => ({ geometry: { x: 1, y: 1 } })),
        }),
        Distance: '1',
      },
    ],
    [
      'a point where the target has none',
      {
        Input_Features: JSON.stringify(pointSet(0, 90)),
        Distance: '1',
        'env:processSR': '3857',
      },
    ],
  ])('%s', async (what, parameters) => {
    for (const operation of ['execute', 'submitJob']) {
      const body = new URLSearchParams({ f: 'json', ...parameters });
      await envelopeOf(await fetch(gp(server.url, `buffer/${operation}`), { method: 'POST', body }), what);
    }
  });

  it('a form of more fields than a form has', async () => {
    const body = `f=json&${'a=1&'.repeat(50_000)}`;
    const headers = { 'content-type': FORM };
    await envelopeOf(
      await fetch(gp(server.url, 'echo/execute'), { method: 'POST', headers, body }),
      'many fields',
    );
  });

  it('a body over the limit, whether its length is declared or not', async () => {
    const body = `f=json&Echo=${'x'.repeat(2 * 1024 * 1024)}`;
    const declared = await raw(
      'POST',
      `${base}/echo/execute`,
      { 'content-type': FORM, 'content-length': String(body.length) },
      body,
    );
    expect((await envelopeOf(declared, 'declared')).code).toBe(413);
    const chunked = await raw(
      'POST',
      `${base}/echo/execute`,
      { 'content-type': FORM, 'transfer-encoding': 'chunked' },
      body,
    );
    expect((await envelopeOf(chunked, 'chunked')).code).toBe(413);
    const status = await raw(
      'POST',
      `${base}/${job}`,
      { 'content-type': FORM, 'content-length': String(body.length) },
      body,
    );
    expect((await envelopeOf(status, 'status')).code).toBe(413);
  });
});

it('after all that the service still works', async () => {
  expect((await askWell(gp(server.url, 'echo/execute'), { Echo: 'alive' })).results[0].value).toBe('alive');
});
