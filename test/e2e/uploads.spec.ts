import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { Readable } from 'node:stream';
import { json } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withClient } from '../../launcher/private-cluster.ts';
import { Uploads } from '../../src/artifacts/index.js';
import { startServer, type TestServer } from '../support/app.js';
import { post, submit, untilFinished } from '../support/ogc-client.js';

interface Info {
  id: string;
  href: string;
  mediaType: string;
  fileName?: string;
  size: number;
  sha256: string;
  expiresAt: string;
}

const MEBIBYTE = 1024 ** 2;
const GEOJSON = 'application/geo+json';
const POINT = JSON.stringify({ type: 'Point', coordinates: [7, 51] });
let server: TestServer;
const artifacts = mkdtempSync(join(tmpdir(), 'honua-uploads-'));
beforeAll(async () => {
  server = await startServer({
    Processing__ArtifactStore__Folder: artifacts,
    // The seal of the ledger would write into the folder that is looked at.
    Ledger__SealEvery: '1h',
    Limits__MaxArtifactSizeBytes: '110MiB',
    Uploads__MaxPerTenant: '20',
  });
});
afterAll(async () => {
  await server.close();
  rmSync(artifacts, { recursive: true, force: true });
});

const sha256 = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const send = (body: BodyInit, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${server.url}/uploads`, { method: 'POST', body, headers });
const upload = async (body: BodyInit, headers: Record<string, string> = {}): Promise<Info> => {
  const reply = await send(body, headers);
  expect(reply.status, await reply.clone().text()).toBe(201);
  return (await reply.json()) as Info;
};
const discard = (info: Info): Promise<Response> =>
  fetch(`${server.url}/uploads/${info.id}`, { method: 'DELETE' });
const files = (): string[] =>
  existsSync(artifacts)
    ? readdirSync(artifacts, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ parentPath, name }) => join(parentPath, name))
    : [];
const rows = async (): Promise<number> =>
  withClient(server.database.superUrl, async (client) =>
    Number((await client.query<{ count: string }>('select count(*) from uploads')).rows[0]!.count),
  );
const residentBytes = (): number =>
  Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))![1]) * 1024;

describe('an upload', () => {
  it('is taken as a body, told of, given back whole or in part, and deleted', async () => {
    const reply = await send(POINT, { 'content-type': GEOJSON });
    expect(reply.status).toBe(201);
    const info = (await reply.json()) as Info;
    expect(reply.headers.get('location')).toBe(`${server.url}/uploads/${info.id}`);
    expect(info).toMatchObject({ mediaType: GEOJSON, size: POINT.length, sha256: sha256(POINT) });
    expect(Date.parse(info.expiresAt)).toBeGreaterThan(Date.now());

    expect(await (await fetch(reply.headers.get('location')!)).json()).toEqual(info);
    const whole = await fetch(info.href);
    expect(whole.headers.get('content-type')).toBe(GEOJSON);
    expect(whole.headers.get('content-disposition')).toMatch(/^attachment/);
    expect(whole.headers.get('content-security-policy')).toMatch(/sandbox/);
    expect(await whole.text()).toBe(POINT);
    const part = await fetch(info.href, { headers: { range: 'bytes=0-6' } });
    expect([part.status, await part.text()]).toEqual([206, POINT.slice(0, 7)]);

    expect((await discard(info)).status).toBe(204);
    for (const url of [info.href, reply.headers.get('location')!])
      expect((await fetch(url)).status).toBe(404);
    expect((await discard(info)).status).toBe(404);
    expect(files()).toEqual([]);
  });

  it('is taken from a form', async () => {
    const form = new FormData();
    form.set('note', 'passed over');
    form.set('file', new Blob([POINT], { type: GEOJSON }), '../..\\"evil".geojson');
    const info = await upload(form);
    expect(info).toMatchObject({ mediaType: GEOJSON, size: POINT.length, sha256: sha256(POINT) });
    expect(info.fileName).not.toMatch(/[/\\"]/);
    expect(await (await fetch(info.href)).text()).toBe(POINT);
    await discard(info);
  });

  it('is taken in an encoding, and kept without it', async () => {
    const info = await upload(gzipSync(POINT), { 'content-type': GEOJSON, 'content-encoding': 'gzip' });
    expect(info).toMatchObject({ size: POINT.length, sha256: sha256(POINT) });
    await discard(info);
  });

  it('of 100 MiB goes straight to the store', async () => {
    const hash = createHash('sha256');
    const before = residentBytes();
    const info = await new Promise<Info>((resolve, reject) => {
      const large = request(`${server.url}/uploads`, { method: 'POST' });
      large.on('response', (response) => void json(response).then((told) => resolve(told as Info), reject));
      const sending = async function* (): AsyncGenerator<Buffer> {
        for (let sent = 0; sent < 100; sent++) {
          const chunk = randomBytes(MEBIBYTE);
          hash.update(chunk);
          yield chunk;
        }
      };
      pipeline(Readable.from(sending(), { objectMode: false }), large).catch(reject);
    });
    expect(info).toMatchObject({ size: 100 * MEBIBYTE, sha256: hash.digest('hex') });
    expect(residentBytes() - before).toBeLessThan(80 * MEBIBYTE);
    await discard(info);
  });
});

describe('an upload as an input', () => {
  it.each(['href', 'its location', 'its path'])('is read by %s, as often as wanted', async (by) => {
    const info = await upload(POINT, { 'content-type': GEOJSON });
    const path = `/uploads/${info.id}`;
    const href = by === 'href' ? info.href : by === 'its path' ? path : server.url + path;
    const body = { inputs: { features: { href }, distance: 10 } };
    const inline = { inputs: { features: JSON.parse(POINT) as unknown, distance: 10 } };
    const expected = await (await post(server.url, 'buffer', inline)).text();
    for (let times = 0; times < 2; times++) {
      const reply = await post(server.url, 'buffer', body);
      expect(reply.status, await reply.clone().text()).toBe(200);
      expect(await reply.text()).toBe(expected);
    }
    await discard(info);
  });

  it('is the copy of its run: deleting the upload changes nothing for it', async () => {
    const info = await upload('as it was', { 'content-type': 'text/plain' });
    const job = await submit(server.url, 'echo', { inputs: { echo: { href: info.href }, pause: 1 } });
    expect((await discard(info)).status).toBe(204);
    expect((await untilFinished(job)).status).toBe('successful');
    expect(await (await fetch(`${job}/results`)).text()).toContain('as it was');
    const gone = await post(server.url, 'echo', { inputs: { echo: { href: info.href } } });
    expect(gone.status).toBe(400);
    expect(await gone.json()).toMatchObject({ code: 'reference-unknown-upload' });
  });

  it('that is another one of this service is not fetched: no way round its doors', async () => {
    for (const path of ['/jobs', '/health/ready', '/uploads', '/uploads/../jobs', '/uploads/%2e%2e/jobs']) {
      const reply = await post(server.url, 'echo', { inputs: { echo: { href: server.url + path } } });
      expect([reply.status, ((await reply.json()) as { code: string }).code]).toEqual([
        400,
        'reference-refused',
      ]);
    }
  });
});

describe('an upload leaves nothing', () => {
  it('when it is cut in the middle of 100 MB', async () => {
    const [filesBefore, rowsBefore, memory] = [files(), await rows(), residentBytes()];
    for (const type of ['application/octet-stream', 'multipart/form-data; boundary=x']) {
      const cut = request(`${server.url}/uploads`, {
        method: 'POST',
        headers: { 'content-type': type, 'content-length': String(100 * MEBIBYTE) },
      });
      cut.on('error', () => {});
      if (type.startsWith('multipart'))
        cut.write('--x\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n');
      for (let sent = 0; sent < 50; sent++) {
        if (!cut.write(randomBytes(MEBIBYTE))) await new Promise((resolve) => cut.once('drain', resolve));
      }
      await expect.poll(() => files().length).toBeGreaterThan(filesBefore.length);
      cut.destroy();
      await expect.poll(files, { timeout: 5_000 }).toEqual(filesBefore);
      await expect.poll(rows, { timeout: 5_000 }).toBe(rowsBefore);
    }
    await sleep(500);
    expect(residentBytes() - memory).toBeLessThan(100 * MEBIBYTE);
  }, 60_000);

  it.each<[string, number, BodyInit, Record<string, string>]>([
    ['is no form', 400, 'nonsense', { 'content-type': 'multipart/form-data; boundary=x' }],
    ['has no boundary', 400, 'nonsense', { 'content-type': 'multipart/form-data' }],
    ['is another multipart', 415, 'nonsense', { 'content-type': 'multipart/mixed; boundary=x' }],
    [
      'is a form without a file',
      400,
      '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--x--\r\n',
      { 'content-type': 'multipart/form-data; boundary=x' },
    ],
    [
      'is a form that does not end',
      400,
      '--x\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\nhalf',
      { 'content-type': 'multipart/form-data; boundary=x' },
    ],
    ['comes in an unknown encoding', 415, 'x', { 'content-encoding': 'compress' }],
    ['is not in its encoding', 400, 'x', { 'content-encoding': 'gzip' }],
    ['is a bomb', 413, gzipSync(Buffer.alloc(200 * MEBIBYTE)), { 'content-encoding': 'gzip' }],
  ])('when it %s', async (_, status, body, headers) => {
    const [filesBefore, rowsBefore] = [files(), await rows()];
    const reply = await send(body, headers);
    expect(reply.status, await reply.clone().text()).toBe(status);
    expect(files()).toEqual(filesBefore);
    expect(await rows()).toBe(rowsBefore);
  });

  it('when it is too large by its own word: at once', async () => {
    const answer = await new Promise<number>((resolve, reject) => {
      const large = request(`${server.url}/uploads`, {
        method: 'POST',
        headers: { 'content-length': String(2 ** 40) },
      });
      large.on('response', (response) => resolve(response.statusCode!)).on('error', reject);
      large.flushHeaders();
    });
    expect(answer).toBe(413);
  });

  it('when it has expired', async () => {
    const filesBefore = files();
    const info = await upload(POINT);
    await withClient(server.database.superUrl, (client) =>
      client.query(`update uploads set expires_at = now() where id = $1`, [info.id]),
    );
    expect((await fetch(info.href)).status).toBe(404);
    expect(await server.app.get(Uploads, { strict: false }).sweep()).toBe(1);
    expect(files()).toEqual(filesBefore);
  });

  it('of another tenant: nobody sees it', async () => {
    const info = await upload(POINT);
    await withClient(server.database.superUrl, (client) =>
      client.query(`update uploads set tenant_id = 'other' where id = $1`, [info.id]),
    );
    expect((await fetch(info.href)).status).toBe(404);
    expect((await discard(info)).status).toBe(404);
    const reply = await post(server.url, 'echo', { inputs: { echo: { href: info.href } } });
    expect(await reply.json()).toMatchObject({ code: 'reference-unknown-upload' });
  });

  it('beyond what a tenant may have', async () => {
    const taken: Info[] = [];
    for (;;) {
      const reply = await send(POINT);
      if (reply.status !== 201) {
        expect(reply.status).toBe(429);
        expect(reply.headers.get('retry-after')).toBeTruthy();
        break;
      }
      taken.push((await reply.json()) as Info);
      expect(taken.length).toBeLessThanOrEqual(20);
    }
    for (const info of taken) await discard(info);
  });
});
