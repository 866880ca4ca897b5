import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import {
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
} from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { S3ArtifactStore, type S3Settings } from '../../src/artifacts/s3-artifact-store.js';
import { type Moto, REGION, startMoto } from '../support/moto.js';
import { INSTALL_LIMIT_MS, python } from '../support/python-worker.js';
import { describeArtifactStore } from './artifact-store.contract.js';

const MIB = 1024 ** 2;

// Without Python 3.11 or later there is nothing that stands in for S3.
describe.skipIf(!python)('artifacts in S3', () => {
  let moto: Moto;
  let made = 0;
  let inputs: string;
  let outputs: string;
  let folder: string;
  const open: S3ArtifactStore[] = [];
  const make = (over: Partial<S3Settings> = {}): S3ArtifactStore => {
    const store = new S3ArtifactStore({
      region: REGION,
      inputBucket: inputs,
      outputBucket: outputs,
      retentionDays: { staged: 7, outputs: 30, logs: 0.5 },
      encryption: {},
      redirectDownloads: false,
      spool: { folder: join(folder, 'spool'), maxBytes: 50 * MIB, holdMs: 60_000 },
      ...over,
    });
    open.push(store);
    return store;
  };
  let store: S3ArtifactStore;

  beforeAll(async () => {
    moto = await startMoto();
    for (const [name, value] of Object.entries(moto.environment)) vi.stubEnv(name, value);
    vi.stubEnv('AWS_MAX_ATTEMPTS', '2');
  }, INSTALL_LIMIT_MS);
  afterAll(async () => {
    vi.unstubAllEnvs();
    await moto.stop();
  });
  beforeEach(async () => {
    made++;
    [inputs, outputs] = [`inputs-${made}`, `outputs-${made}`];
    for (const bucket of [inputs, outputs]) await moto.makeBucket(bucket);
    folder = mkdtempSync(join(tmpdir(), 'honua-s3-'));
    store = make();
  });
  afterEach(() => {
    for (const one of open.splice(0)) one.close();
    rmSync(folder, { recursive: true });
  });

  describeArtifactStore({
    store: () => store,
    leftovers: async () => {
      const found = await Promise.all(
        [inputs, outputs].map((Bucket) => moto.s3.send(new ListMultipartUploadsCommand({ Bucket }))),
      );
      return found.flatMap(({ Uploads = [] }) => Uploads.map(({ Key }) => Key!));
    },
  });

  const keysIn = async (Bucket: string): Promise<string[]> =>
    ((await moto.s3.send(new ListObjectsV2Command({ Bucket }))).Contents ?? []).map(({ Key }) => Key!);
  const headOf = (Bucket: string, Key: string) => moto.s3.send(new HeadObjectCommand({ Bucket, Key }));

  it('are apart by who reads them: what jobs read in one bucket, all else in the other', async () => {
    for (const key of ['jobs/a/inputs.json', 'inputs/r/0', 'runs/a/1/x', 'logs/a/1.log', 'uploads/u/content'])
      await store.put(key, Buffer.from('x'), 10);
    expect(await keysIn(inputs)).toEqual(['inputs/r/0', 'jobs/a/inputs.json']);
    expect(await keysIn(outputs)).toEqual(['logs/a/1.log', 'runs/a/1/x', 'uploads/u/content']);
    expect(store.uriOf('jobs/a/inputs.json')).toBe(`s3://${inputs}/jobs/a/inputs.json`);
    expect(store.uriOf('runs/a/1/')).toBe(`s3://${outputs}/runs/a/1/`);
  });

  it('are encrypted by KMS unless that is left to the bucket, copies and large ones too', async () => {
    const KMS = { ServerSideEncryption: 'aws:kms', BucketKeyEnabled: true };
    await store.put('runs/a/1/x', Buffer.from('x'), 10);
    expect(await headOf(outputs, 'runs/a/1/x')).toMatchObject(KMS);
    await store.copy('runs/a/1/x', 'inputs/r/0');
    expect(await headOf(inputs, 'inputs/r/0')).toMatchObject(KMS);
    await store.put('runs/a/1/large', Readable.from([Buffer.alloc(9 * MIB)]), Infinity);
    // moto does not keep of a multipart upload whether its bucket's key is used.
    expect((await headOf(outputs, 'runs/a/1/large')).ServerSideEncryption).toBe('aws:kms');
    const key = 'arn:aws:kms:us-east-1:123456789012:key/9a5f4b5e-0c2e-4d5e-9b0e-2f9c1d7c8a11';
    await make({ encryption: { kmsKeyId: key } }).put('runs/a/1/y', Buffer.from('y'), 10);
    expect(await headOf(outputs, 'runs/a/1/y')).toMatchObject({ ...KMS, SSEKMSKeyId: key });
    await make({ encryption: undefined }).put('runs/a/1/z', Buffer.from('z'), 10);
    expect((await headOf(outputs, 'runs/a/1/z')).SSEKMSKeyId).toBeUndefined();
  });

  it('carry the run and how long they may stay, by what they are', async () => {
    const tagsOf = async (Bucket: string, Key: string): Promise<Record<string, string>> => {
      const { TagSet = [] } = await moto.s3.send(new GetObjectTaggingCommand({ Bucket, Key }));
      return Object.fromEntries(TagSet.map(({ Key: name, Value }) => [name, Value]));
    };
    await store.put('jobs/a/inputs.json', Buffer.from('x'), 10);
    expect(await tagsOf(inputs, 'jobs/a/inputs.json')).toEqual({ 'job-id': 'a', 'retention-days': '7' });
    await store.put('runs/b/1/x', Readable.from([Buffer.alloc(9 * MIB)]), Infinity);
    expect(await tagsOf(outputs, 'runs/b/1/x')).toEqual({ 'job-id': 'b', 'retention-days': '30' });
    await store.copy('runs/b/1/x', 'logs/c/1.log');
    expect(await tagsOf(outputs, 'logs/c/1.log')).toEqual({ 'job-id': 'c', 'retention-days': '1' });
    await store.put('uploads/u/content', Buffer.from('x'), 10);
    expect(await tagsOf(outputs, 'uploads/u/content')).toEqual({});
  });

  it('pass through in parts: a large one never is in memory whole', async () => {
    const total = 192 * MIB;
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    const content = Readable.from(
      (async function* () {
        for (let at = 0; at < total; at += MIB) {
          most = Math.max(most, process.memoryUsage().arrayBuffers - before);
          yield Buffer.alloc(MIB, at / MIB);
        }
      })(),
    );
    const { size } = await store.put('runs/a/1/large', content, total);
    expect(size).toBe(total);
    expect(most).toBeLessThan(total / 2); // what is let go is collected later
    const end = await buffer(await store.open('runs/a/1/large', { start: total - 2, end: total - 1 }));
    expect([...end]).toEqual([191, 191]);
  }, 60_000);

  it('are deleted by the thousand', async () => {
    const keys = Array.from({ length: 1_010 }, (_, index) => `runs/a/1/${index}`);
    for (let at = 0; at < keys.length; at += 50)
      await Promise.all(keys.slice(at, at + 50).map((key) => store.put(key, Buffer.from('x'), 10)));
    await store.deletePrefix('runs/a');
    expect(await keysIn(outputs)).toEqual([]);
  }, 60_000);

  it('are handed out by S3 itself where that is wanted, as what they are', async () => {
    await store.put('runs/a/1/x', Buffer.from('{}'), 10);
    const as = {
      seconds: 60,
      mediaType: 'application/geo+json',
      disposition: 'inline; filename="x.geojson"',
    };
    expect(await store.directUrl('runs/a/1/x', as)).toBeUndefined();
    const url = await make({ redirectDownloads: true }).directUrl('runs/a/1/x', as);
    const answer = await fetch(url!);
    expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([
      200,
      'application/geo+json',
      '{}',
    ]);
    expect(answer.headers.get('content-disposition')).toBe(as.disposition);
    expect(new URL(url!).searchParams.get('X-Amz-Expires')).toBe('60');
  });

  it('are unavailable where S3 is not there, refuses, or is overloaded, and say so of their health', async () => {
    let status = 503;
    const server = createServer((request, response) => {
      request.resume();
      const code = status === 403 ? 'AccessDenied' : 'SlowDown';
      response.writeHead(status, { 'content-type': 'application/xml' });
      response.end(`<Error><Code>${code}</Code><Message>no</Message></Error>`);
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    try {
      vi.stubEnv('AWS_ENDPOINT_URL_S3', `http://127.0.0.1:${port}`);
      const sick = make();
      const calls: (() => Promise<unknown>)[] = [
        () => sick.put('runs/a/1/x', Buffer.from('x'), 10),
        () => sick.open('runs/a/1/x'),
        () => sick.stat('runs/a/1/x'),
        () => sick.copy('runs/a/1/x', 'runs/a/1/y'),
        () => sick.localPath('runs/a/1/x'),
        () => sick.deletePrefix('runs/a/1'),
      ];
      for (const call of calls)
        await expect(call()).rejects.toMatchObject({
          kind: 'unavailable',
          code: 'artifact-store-unavailable',
        });
      expect(await sick.health()).toMatchObject({ healthy: false });
      status = 403;
      for (const call of calls)
        await expect(call()).rejects.toMatchObject({ kind: 'unavailable', code: 'artifact-store-denied' });
      expect(await sick.health()).toEqual({
        healthy: false,
        detail: 'The artifact store refuses this server.',
      });
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      for (const call of calls) await expect(call()).rejects.toMatchObject({ kind: 'unavailable' });
    } finally {
      vi.stubEnv('AWS_ENDPOINT_URL_S3', undefined);
      server.closeAllConnections();
      server.close();
    }
    expect(await make({ outputBucket: 'not-there' }).health()).toEqual({
      healthy: false,
      detail: 'A bucket is not there.',
    });
  });

  it('are what was written last, whoever reads them', async () => {
    await store.put('ledger/head.json', Buffer.from('1'), 10);
    await make().put('ledger/head.json', Buffer.from('2'), 10);
    expect(await text(await store.open('ledger/head.json'))).toBe('2');
  });
});
