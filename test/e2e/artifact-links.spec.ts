/** Outputs by reference: links that anybody may follow, for a time, in ranges, until the job is dismissed. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startServer, type TestServer } from '../support/app.js';
import { submit, untilFinished } from '../support/ogc-client.js';

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ Limits__InlinePayloadBytes: '1KiB' });
});
afterAll(() => server.close());

const TEXT = 'äbc'.repeat(2_000);
const STORED = Buffer.from(JSON.stringify(TEXT));

async function jobWithLink(text: string): Promise<[job: string, href: string]> {
  const outputs = { echo: { transmissionMode: 'reference' } };
  const job = await submit(server.url, 'echo', { inputs: { echo: text }, outputs, response: 'document' });
  await untilFinished(job);
  const { echo } = (await (await fetch(`${job}/results`)).json()) as {
    echo: { href: string; sizeBytes: number };
  };
  expect(echo.sizeBytes).toBe(Buffer.byteLength(JSON.stringify(text)));
  return [job, echo.href];
}

it.each([
  ['in the database', 'small'],
  ['in the artifact store', TEXT],
])('gives an output that is %s, whole and in parts', async (_, text) => {
  const [, href] = await jobWithLink(text);
  const stored = Buffer.from(JSON.stringify(text));
  const whole = await fetch(href);
  expect(whole.headers.get('content-type')).toBe('application/json');
  expect(whole.headers.get('accept-ranges')).toBe('bytes');
  expect(whole.headers.get('etag')).toBe(`"${createHash('sha256').update(stored).digest('hex')}"`);
  expect(Buffer.from(await whole.arrayBuffer()).equals(stored)).toBe(true);

  const part = async (range: string): Promise<[number, string | null, Buffer]> => {
    const reply = await fetch(href, { headers: { range } });
    return [reply.status, reply.headers.get('content-range'), Buffer.from(await reply.arrayBuffer())];
  };
  const { length } = stored;
  expect(await part('bytes=2-4')).toEqual([206, `bytes 2-4/${length}`, stored.subarray(2, 5)]);
  expect(await part('bytes=-3')).toEqual([
    206,
    `bytes ${length - 3}-${length - 1}/${length}`,
    stored.subarray(-3),
  ]);
  expect((await part(`bytes=${length}-`)).slice(0, 2)).toEqual([416, `bytes */${length}`]);

  const head = await fetch(href, { method: 'HEAD' });
  expect([head.status, head.headers.get('content-length')]).toEqual([200, String(length)]);
  const known = await fetch(href, { headers: { 'if-none-match': whole.headers.get('etag')! } });
  expect(known.status).toBe(304);
  const other = await fetch(href, { headers: { range: 'bytes=0-1', 'if-range': '"other"' } });
  expect(other.status).toBe(200);
});

it('stays the same from one look at the results to the next', async () => {
  const [job, href] = await jobWithLink('again');
  const { echo } = (await (await fetch(`${job}/results`)).json()) as { echo: { href: string } };
  expect(echo.href).toBe(href);
});

it('ends with its job', async () => {
  const [job, href] = await jobWithLink(TEXT);
  expect((await fetch(href)).status).toBe(200);
  await fetch(job, { method: 'DELETE' });
  expect((await fetch(href)).status).toBe(410);
});

it('cannot be guessed or changed', async () => {
  const [, href] = await jobWithLink('x');
  const token = href.slice(href.lastIndexOf('/') + 1);
  const [body, mac] = token.split('.') as [string, string];
  const [, runId] = JSON.parse(Buffer.from(body, 'base64url').toString()) as [string, string];
  const forged = Buffer.from(JSON.stringify(['default', runId, 'length', Date.now() + 1e9])).toString(
    'base64url',
  );
  for (const wrong of [`${forged}.${mac}`, body, `${body}.${mac.slice(1)}`, '..%2f..%2fetc%2fpasswd', 'x'])
    expect((await fetch(`${server.url}/artifacts/${wrong}`)).status).toBe(404);
  expect(STORED.length).toBeGreaterThan(1024);
});
