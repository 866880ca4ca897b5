/** Whatever is sent, the answer is the right 4xx with a problem document, and the server is as well after as before. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { post } from '../support/ogc-client.js';
import { liveBytes, MEASURABLE } from '../support/live-memory.js';
import { type SpawnedServer, spawnServer } from '../support/spawned-server.js';

const MEBIBYTE = 1024 * 1024;
/**
 * V8 lets its young generation grow under any load: 1,500 readings of the job list make the resident size of a fresh
 * server 100 MB larger, and then it stays. The baseline is that of a server at work.
 */
const WARM_UP = 1_500;
const POINT = { type: 'Point', coordinates: [10, 50] };
const project = resolve(import.meta.dirname, '../..');
const shared = process.env.TEST_SHARED_FOLDER ?? resolve(project, '../shared');
const jsonTests = join(shared, 'data/json-test-suite');

let database: TestDatabase;
let artifacts: string;
let server: SpawnedServer;
let atStart: number;
let baseline: number;
let liveAtStart: number;

beforeAll(async () => {
  database = await createTestDatabase();
  artifacts = mkdtempSync(join(tmpdir(), 'honua-bad-input-'));
  const env = { DATABASE_URL: database.url, Processing__ArtifactStore__Folder: artifacts, ...MEASURABLE };
  // The seal of the ledger would write into the folder that is looked at.
  server = await spawnServer({ ...env, Ledger__SealEvery: '1h' });
  await work(20);
  atStart = residentBytes();
  liveAtStart = await liveBytes(server);
  await work(WARM_UP);
  baseline = residentBytes();
});
afterAll(async () => {
  await server.stop('SIGTERM');
  await database.drop();
  rmSync(artifacts, { recursive: true, force: true });
});

/** Good requests, so many at once as a few clients send. */
async function work(requests: number): Promise<void> {
  let left = requests;
  const client = async (): Promise<void> => {
    while (left-- > 0) expect((await buffer(POINT)).status).toBe(200);
  };
  await Promise.all(Array.from({ length: 4 }, client));
}

const residentBytes = (): number =>
  Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${server.process.pid}/status`, 'utf8'))![1]) * 1024;

const buffer = (features: unknown, distance: unknown = 1): Promise<Response> =>
  post(server.url, 'buffer', { inputs: { features, distance } });
const raw = (body: string | Uint8Array<ArrayBuffer>, process = 'buffer'): Promise<Response> =>
  fetch(`${server.url}/processes/${process}/execution`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });

const TELLTALES = [
  /\n\s+at /,
  /node_modules|\.[jt]s:\d/,
  /\/(?:usr|home|tmp|root|var|etc|opt|work)\//,
  /\bselect\b.*\bfrom\b|pg_|SQLSTATE/i,
];

/** The right status, a whole problem document, and nothing of what is inside. */
async function expectProblem(reply: Response, ...statuses: number[]): Promise<Record<string, any>> {
  const text = await reply.text();
  expect(statuses, text.slice(0, 500)).toContain(reply.status);
  expect(reply.headers.get('content-type')).toBe('application/json');
  const problem = JSON.parse(text) as Record<string, any>;
  expect(problem).toMatchObject({
    type: expect.stringMatching(/^(http:\/\/www\.opengis\.net\/def\/exceptions\/|urn:honua:problem:)/),
    title: expect.any(String),
    status: reply.status,
    detail: expect.any(String),
  });
  for (const telltale of TELLTALES) expect(text).not.toMatch(telltale);
  return problem;
}

describe.skipIf(!existsSync(jsonTests))(
  existsSync(jsonTests)
    ? 'JSONTestSuite'
    : 'JSONTestSuite (not beside this project: ../shared/data/json-test-suite)',
  () => {
    const files = existsSync(jsonTests)
      ? readdirSync(jsonTests, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'))
      : [];
    const named = (prefix: string): string[] =>
      files.filter((name) => name.split('/').at(-1)!.startsWith(prefix));
    const textOf = (name: string): Buffer => readFileSync(join(jsonTests, name));

    /** The text as the value of a feature's attribute, in an otherwise good request. */
    const asAttribute = (text: Buffer): Promise<Response> =>
      raw(
        new Uint8Array(
          Buffer.concat([
            Buffer.from(
              '{"inputs":{"distance":1,"features":{"type":"Feature","geometry":{"type":"Point","coordinates":[1,2]},"properties":{"x":',
            ),
            text,
            Buffer.from('}}}}'),
          ]),
        ),
      );

    it('is all there', () => expect(files.length).toBe(318));

    it.each(named('y_'))('takes %s', async (name) => {
      const reply = await asAttribute(textOf(name));
      expect(reply.status, await reply.clone().text()).toBe(200);
      const { features } = (await reply.json()) as { features: { properties: { x: unknown } }[] };
      // As text, where -0 and 0 are one.
      expect(JSON.stringify(features[0]!.properties.x)).toBe(
        JSON.stringify(JSON.parse(textOf(name).toString())),
      );
    });

    it.each(named('n_'))('refuses %s', async (name) => {
      await expectProblem(await asAttribute(textOf(name)), 400);
    });

    it.each(named('i_'))('takes or refuses %s', async (name) => {
      const reply = await asAttribute(textOf(name));
      if (reply.status !== 200) await expectProblem(reply, 400);
    });

    it.each(files)('refuses %s as a whole body', async (name) => {
      await expectProblem(await raw(new Uint8Array(textOf(name))), 400);
    });
  },
);

describe('refuses an execute request', () => {
  it.each<[string, unknown]>([
    ['that is null', null],
    ['that is an array', []],
    ['that is a number', 5],
    ['without inputs', {}],
    ['with inputs that are a list', { inputs: [] }],
    ['without a required input', { inputs: { distance: 1 } }],
    ['with an unknown input', { inputs: { features: POINT, distance: 1, colour: 'red' } }],
    [
      'with an unknown member',
      { inputs: { features: POINT, distance: 1 }, 'invalid-execute-request': 'true)' },
    ],
    ['with an unknown output', { inputs: { features: POINT, distance: 1 }, outputs: { area: {} } }],
    [
      'with an unknown transmission',
      { inputs: { features: POINT, distance: 1 }, outputs: { result: { transmissionMode: 'fax' } } },
    ],
    [
      'with an unknown media type',
      {
        inputs: { features: POINT, distance: 1 },
        outputs: { result: { format: { mediaType: 'image/png' } } },
      },
    ],
    ['with an unknown response', { inputs: { features: POINT, distance: 1 }, response: 'pdf' }],
    ['with a distance that is text', { inputs: { features: POINT, distance: 'far' } }],
    ['with a distance that is null', { inputs: { features: POINT, distance: null } }],
    ['with a distance that is a list', { inputs: { features: POINT, distance: [1] } }],
    [
      'with a distance in an unknown unit',
      { inputs: { features: POINT, distance: { value: 1, unit: 'parsec' } } },
    ],
    ['with features that are a number', { inputs: { features: 7, distance: 1 } }],
    ['with features that are no WKT', { inputs: { features: 'POINT (1', distance: 1 } }],
    ['with WKT that says NaN', { inputs: { features: 'POINT (NaN 1)', distance: 1 } }],
    ['with a wrong qualified value', { inputs: { features: { type: 'wrong/type_1' }, distance: 1 } }],
  ])('%s', async (_, body) => {
    const problem = await expectProblem(await raw(JSON.stringify(body)), 400);
    expect(problem.code).toBe('invalid-input');
  });
});

describe('refuses geometry', () => {
  const polygon = (...rings: unknown[]): object => ({ type: 'Polygon', coordinates: rings });
  it.each<[string, unknown]>([
    ['of no known type', { type: 'Circle', coordinates: [1, 2] }],
    ['without coordinates', { type: 'Point' }],
    ['with coordinates that are text', { type: 'Point', coordinates: 'x' }],
    ['with a coordinate that is text', { type: 'Point', coordinates: ['1', 2] }],
    ['with a coordinate that is null', { type: 'Point', coordinates: [null, 2] }],
    ['with one coordinate', { type: 'Point', coordinates: [1] }],
    ['in five dimensions', { type: 'Point', coordinates: [1, 2, 3, 4, 5] }],
    ['beyond the pole', { type: 'Point', coordinates: [0, 90.5] }],
    ['of a line of one point', { type: 'LineString', coordinates: [[1, 2]] }],
    [
      'of a ring that is not closed',
      polygon([
        [0, 0],
        [1, 0],
        [1, 1],
        [0, 1],
      ]),
    ],
    [
      'of a ring of three points',
      polygon([
        [0, 0],
        [1, 0],
        [0, 0],
      ]),
    ],
    ['nested too deep for its type', { type: 'LineString', coordinates: [[[1, 2]]] }],
    ['of a collection of nonsense', { type: 'GeometryCollection', geometries: [{}] }],
    ['of a feature without geometry type', { type: 'Feature', properties: {}, geometry: {} }],
    ['of a collection that holds no features', { type: 'FeatureCollection', features: [{}, 5] }],
  ])('%s', async (_, features) => {
    await expectProblem(await buffer(features), 400);
  });

  it('that is infinite by a number too large', async () => {
    for (const number of ['1e999', '-1e999']) {
      const point = `{"type":"Point","coordinates":[${number},0]}`;
      await expectProblem(await raw(`{"inputs":{"features":${point},"distance":1}}`), 400);
      await expectProblem(
        await raw(`{"inputs":{"features":${JSON.stringify(POINT)},"distance":${number}}}`),
        400,
      );
    }
  });

  it('that is written as NaN or Infinity', async () => {
    for (const token of ['NaN', 'Infinity', '-Infinity', 'undefined'])
      await expectProblem(
        await raw(`{"inputs":{"features":{"type":"Point","coordinates":[${token},0]},"distance":1}}`),
        400,
      );
  });

  it('takes empty coordinates as empty geometry or refuses them, and never fails', async () => {
    for (const type of ['Point', 'LineString', 'Polygon', 'MultiPolygon']) {
      const reply = await buffer({ type, coordinates: [] });
      if (reply.status !== 200) await expectProblem(reply, 400);
    }
  });
});

describe('survives nesting', () => {
  const deep = (open: string, close: string, times: number): string =>
    open.repeat(times) + close.repeat(times);
  it.each([
    ['coordinates', (times: number) => `{"type":"Point","coordinates":${deep('[', ']', times)}}`],
    [
      'collections',
      (times: number) =>
        `${'{"type":"GeometryCollection","geometries":['.repeat(times)}${']}'.repeat(times)}`,
    ],
  ])('of %s, 100,000 deep', async (_, features) => {
    await expectProblem(await raw(`{"inputs":{"distance":1,"features":${features(100_000)}}}`), 400, 413);
  });

  it('of attributes and of the request itself, 100,000 deep', async () => {
    const attributes = `{"type":"Feature","geometry":${JSON.stringify(POINT)},"properties":{"x":${deep('[', ']', 100_000)}}}`;
    const reply = await raw(`{"inputs":{"distance":1,"features":${attributes}}}`);
    if (reply.status !== 200) await expectProblem(reply, 400, 413);
    else await reply.arrayBuffer();
    for (const body of [deep('[', ']', 100_000), deep('{"inputs":', '}', 100_000).replace('}', '1}')])
      await expectProblem(await raw(body), 400);
  });
});

describe('is not led astray by names', () => {
  it.each(['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'])('%s', async (name) => {
    const value = '{"isAdmin":true}';
    await expectProblem(
      await raw(`{"inputs":{"features":${JSON.stringify(POINT)},"distance":1,"${name}":${value}}}`),
      400,
    );
    await expectProblem(
      await raw(`{"inputs":{"features":${JSON.stringify(POINT)},"distance":1},"outputs":{"${name}":{}}}`),
      400,
    );
    await expectProblem(await raw(`{"${name}":${value}}`), 400);
    await expectProblem(await fetch(`${server.url}/processes/${name}`), 404);
    const feature = `{"type":"Feature","geometry":${JSON.stringify(POINT)},"properties":{"${name}":${value}}}`;
    const reply = await raw(`{"inputs":{"features":${feature},"distance":1}}`);
    expect(reply.status).toBe(200);
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
  });
});

describe('refuses what is not there', () => {
  it.each([
    ['GET', '/nowhere', 404],
    ['GET', '/processes/nothing', 404],
    ['POST', '/processes/nothing/execution', 404],
    ['GET', '/processes/%E0%A4%A', 400],
    ['GET', '/processes/..%2f..%2fetc%2fpasswd', 404],
    ['GET', '/jobs/1', 404],
    ['GET', '/jobs/00000000-0000-7000-8000-000000000000', 404],
    ['GET', "/jobs/';%20drop%20table%20process_runs;%20--/results", 404],
    ['GET', '/jobs/00000000-0000-7000-8000-000000000000/events', 404],
    ['DELETE', '/jobs/00000000-0000-7000-8000-000000000000', 404],
    ['GET', '/artifacts/..%2f..%2fetc%2fpasswd', 404],
    ['GET', '/jobs?limit=9999999999999999999', 400],
    ['GET', '/jobs?cursor=AAAA', 400],
    ['GET', '/processes?f=xml', 400],
    ['PUT', '/processes/buffer', 405],
    ['DELETE', '/processes/buffer/execution', 405],
    ['POST', '/jobs', 405],
  ])('%s %s', async (method, path, status) => {
    await expectProblem(await fetch(server.url + path, { method }), status);
  });

  it.each([
    ['content-type', 'text/xml'],
    ['content-type', 'application/x-www-form-urlencoded'],
    ['content-type', 'multipart/form-data; boundary=x'],
    ['content-type', 'application/json; charset=utf-16'],
    ['content-encoding', 'compress'],
    ['content-encoding', 'gzip, br'],
    ['content-encoding', '__proto__'],
  ])('%s: %s', async (name, value) => {
    const headers = { 'content-type': 'application/json', [name]: value };
    const reply = await fetch(`${server.url}/processes/buffer/execution`, {
      method: 'POST',
      headers,
      body: '{}',
    });
    await expectProblem(reply, 415);
  });

  it('a body in another encoding of Unicode', async () => {
    const text = JSON.stringify({ inputs: { features: POINT, distance: 1 } });
    await expectProblem(await raw(new Uint8Array(Buffer.from(text, 'utf16le'))), 400);
    await expectProblem(
      await raw(
        new Uint8Array(
          Buffer.concat([
            Buffer.from('{"inputs":{"features":"'),
            Buffer.from([0xff, 0xfe]),
            Buffer.from('"}}'),
          ]),
        ),
      ),
      400,
    );
  });
});

describe('refuses size', () => {
  it('of 200 MB, declared: at once', async () => {
    const begun = performance.now();
    expect(await half('Content-Length: 209715200', 1)).toMatch(/^HTTP\/1\.1 413 /);
    expect(performance.now() - begun).toBeLessThan(2_000);
  });

  it('of 200 MB, in chunks: at the limit', async () => {
    expect(await half('Transfer-Encoding: chunked', 200)).toMatch(/^HTTP\/1\.1 413 /);
    expect(
      readdirSync(artifacts, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()),
    ).toEqual([]);
  });

  it('of more features than it takes', async () => {
    const features = Array.from({ length: 10_001 }, () => ({
      type: 'Feature',
      properties: null,
      geometry: POINT,
    }));
    await expectProblem(await buffer({ type: 'FeatureCollection', features }), 413);
  });
});

/** Sends up to so many megabytes of spaces, as far as the server takes them; gives the head of the answer. */
async function half(header: string, mebibytes: number): Promise<string> {
  const { port, hostname } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  const state = { answer: '', closed: false };
  socket.on('data', (data: Buffer) => (state.answer += data.toString()));
  socket.on('error', () => undefined);
  socket.on('close', () => (state.closed = true));
  socket.write(
    `POST /processes/buffer/execution HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${header}\r\n\r\n`,
  );
  const spaces = Buffer.alloc(MEBIBYTE, 0x20);
  const chunk = header.startsWith('Transfer')
    ? Buffer.concat([Buffer.from('100000\r\n'), spaces, Buffer.from('\r\n')])
    : spaces;
  for (let sent = 0; sent < mebibytes && !state.closed && !state.answer; sent++) {
    if (socket.write(chunk)) continue;
    await new Promise((resolve) => socket.once('drain', resolve).once('close', resolve));
  }
  while (!state.answer && !state.closed) await sleep(10);
  socket.destroy();
  return state.answer;
}

it('is alive, ready and of its old size 30 seconds later', async () => {
  await sleep(30_000);
  expect((await fetch(`${server.url}/health/ready`)).status).toBe(200);
  const grown = (residentBytes() - baseline) / MEBIBYTE;
  const warmed = (baseline - atStart) / MEBIBYTE;
  const alive = ((await liveBytes(server)) - liveAtStart) / MEBIBYTE;
  console.log(
    `Memory 30 s after the bad input: resident, baseline + ${grown.toFixed(0)} MiB (the baseline is start + ` +
      `${warmed.toFixed(0)} MiB, after ${WARM_UP} good requests); alive, start + ${alive.toFixed(1)} MiB`,
  );
  expect(grown).toBeLessThanOrEqual(100);
  expect(alive).toBeLessThanOrEqual(10);
  const { jobs } = (await (await fetch(`${server.url}/jobs?status=running,accepted`)).json()) as {
    jobs: unknown[];
  };
  expect(jobs).toEqual([]);
  expect(server.output()).not.toMatch(/uncaught|unhandled/i);
}, 60_000);
