/** The whole service with its artifacts in S3: large bodies, uploads, references, results, links, and what deleting leaves. */
import { GetObjectTaggingCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startServer, type TestServer } from '../support/app.js';
import { type Moto, startMoto } from '../support/moto.js';
import { submit, untilFinished } from '../support/ogc-client.js';
import { INSTALL_LIMIT_MS, python } from '../support/python-worker.js';

const BUCKET = 'honua-gp-artifacts';
const points = (count: number): object => ({
  type: 'FeatureCollection',
  features: Array.from({ length: count }, (_, index) => ({
    type: 'Feature',
    properties: { name: `point ${index}` },
    geometry: { type: 'Point', coordinates: [index / 100, 50 + (index % 7) / 100] },
  })),
});

// Without Python 3.11 or later there is nothing that stands in for S3.
describe.skipIf(!python)('the service with artifacts in S3', () => {
  let moto: Moto;
  let server: TestServer;
  let direct: TestServer;
  let byDatabase: TestServer;
  beforeAll(async () => {
    moto = await startMoto();
    for (const [name, value] of Object.entries(moto.environment)) vi.stubEnv(name, value);
    await moto.makeBucket(BUCKET);
    const settings = {
      Processing__ArtifactStore__Provider: 's3',
      Limits__InlinePayloadBytes: '1KiB',
      Ledger__SealEvery: '1h',
    };
    server = await startServer(settings);
    direct = await startServer({
      ...settings,
      Processing__ArtifactStore__RedirectDownloads: 'true',
    });
    byDatabase = await startServer({ ...settings, Processing__Tier1Enabled: 'false' });
  }, INSTALL_LIMIT_MS);
  afterAll(async () => {
    await server.close();
    await direct.close();
    await byDatabase.close();
    vi.unstubAllEnvs();
    await moto.stop();
  });
  const keys = async (): Promise<string[]> =>
    ((await moto.s3.send(new ListObjectsV2Command({ Bucket: BUCKET }))).Contents ?? []).map(
      ({ Key }) => Key!,
    );
  const linkOf = async (
    url: string,
    inputs: Record<string, unknown>,
  ): Promise<[job: string, href: string]> => {
    const outputs = { result: { transmissionMode: 'reference' } };
    const job = await submit(url, 'buffer', { inputs, outputs, response: 'document' });
    expect(await untilFinished(job)).toMatchObject({ status: 'successful' });
    const { result } = (await (await fetch(`${job}/results`)).json()) as { result: { href: string } };
    return [job, result.href];
  };

  it('is ready', async () => {
    const ready = await fetch(`${server.url}/health/ready`);
    expect(await ready.json()).toMatchObject({ details: { artifacts: { status: 'up' } } });
  });

  it('keeps what is large of a run there, gives it by a link, and deletes it with the run', async () => {
    const [job, href] = await linkOf(server.url, { features: points(200), distance: 100 });
    const run = job.slice(job.lastIndexOf('/') + 1);
    const kept = await keys();
    expect(kept.filter((key) => key.startsWith('inputs/'))).toHaveLength(1);
    const [output] = kept.filter((key) => key.startsWith(`runs/${run}/`));
    const { TagSet } = await moto.s3.send(new GetObjectTaggingCommand({ Bucket: BUCKET, Key: output! }));
    expect(TagSet).toContainEqual({ Key: 'job-id', Value: run });
    expect(TagSet).toContainEqual({ Key: 'retention-days', Value: '30' });
    const whole = await (await fetch(href)).text();
    expect((JSON.parse(whole) as { features: unknown[] }).features).toHaveLength(200);
    const part = await fetch(href, { headers: { range: 'bytes=10-19' } });
    expect([part.status, await part.text()]).toEqual([206, whole.slice(10, 20)]);
    expect((await fetch(job, { method: 'DELETE' })).status).toBe(200);
    await expect.poll(keys, { timeout: 10_000 }).toEqual([]);
  });

  it.each(['in-process', 'postgis'])('reads an upload as an input on the %s tier', async (tier) => {
    const { url } = tier === 'postgis' ? byDatabase : server;
    const body = JSON.stringify(points(50));
    const headers = { 'content-type': 'application/geo+json' };
    const sent = await fetch(`${url}/uploads`, { method: 'POST', body, headers });
    const { href, id } = (await sent.json()) as { href: string; id: string };
    expect(await (await fetch(href)).text()).toBe(body);
    const job = await submit(url, 'delaunay', { inputs: { features: { href } } });
    expect(await untilFinished(job)).toMatchObject({ status: 'successful', executedTier: tier });
    const results = (await (await fetch(`${job}/results`)).json()) as { features: unknown[] };
    expect(results.features.length).toBeGreaterThan(40);
    expect((await fetch(`${url}/uploads/${id}`, { method: 'DELETE' })).status).toBe(204);
    expect((await keys()).filter((key) => key.startsWith('uploads/'))).toEqual([]);
  });

  it('sends a client to S3 for what is large, where that is wanted', async () => {
    const [, href] = await linkOf(direct.url, { features: points(4_000), distance: 100 });
    const told = await fetch(href, { redirect: 'manual' });
    expect(told.status).toBe(302);
    expect(new URL(told.headers.get('location')!).origin).toBe(moto.endpoint);
    const answer = await fetch(href);
    expect(answer.headers.get('content-type')).toBe('application/geo+json');
    expect(((await answer.json()) as { features: unknown[] }).features).toHaveLength(4_000);
    expect((await fetch(href, { method: 'HEAD' })).status).toBe(200);
  });

  it('says that it has no room for artifacts when S3 is gone, and is not ready', async () => {
    await moto.stop();
    const reply = await fetch(`${server.url}/uploads`, { method: 'POST', body: 'x'.repeat(2000) });
    expect(reply.status).toBe(503);
    const ready = await fetch(`${server.url}/health/ready`);
    expect([ready.status, await ready.json()]).toMatchObject([
      503,
      { error: { artifacts: { status: 'down' } } },
    ]);
  });
});
