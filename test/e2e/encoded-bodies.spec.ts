import { constants, brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../support/app.js';

const MEBIBYTE = 1024 ** 2;
let server: TestServer;
const artifacts = mkdtempSync(join(tmpdir(), 'honua-encoded-'));
beforeAll(async () => {
  // The seal of the ledger would write into the folder that is looked at.
  server = await startServer({ Processing__ArtifactStore__Folder: artifacts, Ledger__SealEvery: '1h' });
});
afterAll(async () => {
  await server.close();
  rmSync(artifacts, { recursive: true, force: true });
});

const CODINGS: Record<string, (bytes: Uint8Array) => Uint8Array<ArrayBuffer>> = {
  gzip: gzipSync,
  'x-gzip': gzipSync,
  deflate: deflateSync,
  br: (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }),
  zstd: zstdCompressSync,
};

const send = (coding: string, body: Uint8Array<ArrayBuffer>): Promise<Response> =>
  fetch(`${server.url}/processes/echo/execution`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-encoding': coding },
    body,
  });
const filesLeft = (): string[] =>
  existsSync(artifacts)
    ? readdirSync(artifacts, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ name }) => name)
    : [];
const residentBytes = (): number =>
  Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))![1]) * 1024;

describe.each(Object.entries(CODINGS))('a body in %s', (coding, encode) => {
  const text = (length: number): Buffer =>
    Buffer.from(JSON.stringify({ inputs: { echo: 'x'.repeat(length) } }));

  it('is taken, small or large', async () => {
    const reply = await send(coding, encode(text(5)));
    expect(reply.status, await reply.clone().text()).toBe(200);
    const padded = Buffer.concat([text(5), Buffer.alloc(2 * MEBIBYTE, ' ')]);
    expect((await send(coding.toUpperCase(), encode(padded))).status).toBe(200);
  });

  it('that is cut short or wrong is refused', async () => {
    const whole = encode(text(5_000));
    for (const wrong of [whole.subarray(0, whole.length - 9), new Uint8Array(Buffer.from('{"inputs":{}}'))]) {
      const reply = await send(coding, wrong);
      expect(reply.status).toBe(400);
      expect(await reply.json()).toMatchObject({ code: expect.stringMatching(/^invalid-/) as string });
    }
  });

  it('that is a bomb is stopped at the limit, and leaves nothing', async () => {
    const bomb = encode(Buffer.alloc(300 * MEBIBYTE, ' '));
    expect(bomb.length).toBeLessThan(MEBIBYTE);
    await sleep(100); // making it kept this thread busy: connections that were closed meanwhile are noticed now
    const before = residentBytes();
    const files = filesLeft();
    const begun = performance.now();
    const reply = await send(coding, bomb);
    expect(reply.status).toBe(413);
    expect(performance.now() - begun).toBeLessThan(10_000);
    expect(residentBytes() - before).toBeLessThan(150 * MEBIBYTE);
    expect(filesLeft()).toEqual(files);
  });
});

it('a zstd window larger than is taken is refused', async () => {
  const params = { [constants.ZSTD_c_windowLog]: 27 };
  const reply = await send('zstd', zstdCompressSync(Buffer.alloc(200 * MEBIBYTE, 'xyz '), { params }));
  expect([400, 413]).toContain(reply.status);
});

it('a client that goes in the middle leaves nothing', async () => {
  const noise = Buffer.from(Array.from({ length: 200_000 }, () => Math.random()).join(' '));
  const files = filesLeft();
  const half = gzipSync(noise).subarray(0, 800_000);
  const gone = request(`${server.url}/processes/echo/execution`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
  });
  gone.on('error', () => {});
  gone.write(half);
  await expect.poll(filesLeft, { timeout: 5_000 }).not.toEqual(files);
  gone.destroy();
  await expect.poll(filesLeft, { timeout: 5_000 }).toEqual(files);
});
