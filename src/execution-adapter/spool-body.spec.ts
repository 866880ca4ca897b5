import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LocalArtifactStore } from '../artifacts/local-artifact-store.js';
import type { Payload } from '../execution/index.js';
import type { AppError } from '../shared/app-error.js';
import { discardBody, spoolBody } from './spool-body.js';

const limits = { inlineBytes: 1_000, maxBytes: 100_000 };
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe('a request body', () => {
  let folder: string;
  let store: LocalArtifactStore;
  let server: Server;
  let spooled: Promise<Payload>;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'spool-'));
    store = new LocalArtifactStore(folder);
    server = createServer((request, response) => {
      spooled = spoolBody(request, limits, store);
      spooled.then(
        () => response.end(),
        () => response.writeHead(413).end(),
      );
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  const files = (): string[] =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => name);

  async function send(body: Uint8Array<ArrayBuffer>, chunked = false): Promise<Payload> {
    const { port } = server.address() as AddressInfo;
    const pieces = new ReadableStream<Uint8Array>({
      start(controller) {
        for (let at = 0; at < body.length; at += 700) controller.enqueue(body.subarray(at, at + 700));
        controller.close();
      },
    });
    const init = chunked ? { body: pieces, duplex: 'half' as const } : { body };
    await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', ...init });
    return spooled;
  }

  it.each([
    ['known length', false],
    ['chunks', true],
  ])('of a small size is one transferable buffer (%s)', async (_, chunked) => {
    const body = new Uint8Array(900).fill(7);
    const payload = await send(body, chunked);
    expect(payload).toMatchObject({ kind: 'inline', size: 900, sha256: sha256(body) });
    const { bytes } = payload as Extract<Payload, { kind: 'inline' }>;
    expect(bytes.byteOffset).toBe(0);
    expect(bytes.buffer.byteLength).toBe(900);
    expect(Buffer.compare(bytes, body)).toBe(0);
  });

  it.each([
    ['known length', false],
    ['chunks', true],
  ])('of a larger size goes to the artifact store, and away when discarded (%s)', async (_, chunked) => {
    const body = new Uint8Array(50_000).map((_, index) => index % 251);
    const payload = await send(body, chunked);
    expect(payload).toMatchObject({ kind: 'artifact', size: 50_000, sha256: sha256(body) });
    expect(files()).toEqual(['body.json']);
    await discardBody(payload, store);
    expect(files()).toEqual([]);
  });

  it.each([
    ['known length', false],
    ['chunks', true],
  ])('over the limit is refused and leaves nothing (%s)', async (_, chunked) => {
    const error = await send(new Uint8Array(200_000), chunked).catch((reason: AppError) => reason);
    expect(error).toMatchObject({ kind: 'too-large', code: 'body-too-large' });
    expect(files()).toEqual([]);
  });

  it('of a client that hangs up leaves nothing', async () => {
    const { port } = server.address() as AddressInfo;
    const client = connect(port, '127.0.0.1');
    client.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 90000\r\n\r\n');
    client.write(Buffer.alloc(40_000));
    await once(server, 'request');
    setTimeout(() => client.destroy(), 50);
    await expect(spooled).rejects.toThrow();
    expect(files()).toEqual([]);
  });
});
