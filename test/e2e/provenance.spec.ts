/** Provenance as W3C PROV-JSON: whole, and of the very bytes that were sent and answered. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startServer, type TestServer } from '../support/app.js';
import { post, submit, untilFinished } from '../support/ogc-client.js';

type Members = Record<string, Record<string, string | number | { $: string; type: string }>>;
type Prov = Record<string, Members> & { prefix: Record<string, string> };

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const sha256 = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const provenanceOf = async (job: string): Promise<Prov> => {
  const reply = await fetch(`${job}/provenance`);
  expect(reply.status).toBe(200);
  return (await reply.json()) as Prov;
};

/** Which member names what in each relation (PROV-JSON section 3). */
const NAMES: Record<string, Record<string, string>> = {
  used: { 'prov:activity': 'activity', 'prov:entity': 'entity' },
  wasGeneratedBy: { 'prov:entity': 'entity', 'prov:activity': 'activity' },
  wasDerivedFrom: { 'prov:generatedEntity': 'entity', 'prov:usedEntity': 'entity' },
  wasAssociatedWith: { 'prov:activity': 'activity', 'prov:agent': 'agent', 'prov:plan': 'entity' },
  actedOnBehalfOf: { 'prov:delegate': 'agent', 'prov:responsible': 'agent' },
  wasInformedBy: { 'prov:informed': 'activity', 'prov:informant': 'activity' },
};

it('every name that a relation uses is defined, and every prefix declared', async () => {
  const job = await submit(server.url, 'echo', { inputs: { echo: 'x' } });
  await untilFinished(job);
  const document = await provenanceOf(job);
  for (const [relation, members] of Object.entries(NAMES))
    for (const one of Object.values(document[relation]!))
      for (const [member, kind] of Object.entries(members))
        if (one[member] !== undefined) expect(document[kind]).toHaveProperty([one[member] as string]);
  const { prefix: declared, ...kinds } = document;
  const names = Object.values(kinds).flatMap((members) => [
    ...Object.keys(members),
    ...Object.values(members).flatMap((one) => Object.keys(one)),
  ]);
  for (const name of names)
    if (!name.startsWith('_:')) expect(declared).toHaveProperty([name.slice(0, name.indexOf(':'))]);
});

it('hashes are those of the bytes that were sent and are answered', async () => {
  const body = JSON.stringify({ inputs: { features: { type: 'Point', coordinates: [1, 2] }, distance: 10 } });
  const accepted = await post(server.url, 'buffer', body, { prefer: 'respond-async' });
  const job = accepted.headers.get('location')!;
  await untilFinished(job);
  const { entity, activity, wasGeneratedBy } = await provenanceOf(job);
  expect(entity!['honua:request']).toMatchObject({
    'honua:sha256': sha256(body),
    'honua:bytes': body.length,
  });
  const result = await (await fetch(`${job}/results/result`)).arrayBuffer();
  expect(entity!['honua:output-result']).toMatchObject({ 'honua:sha256': sha256(new Uint8Array(result)) });
  expect(entity!['honua:process']).toMatchObject({
    'prov:type': { $: 'prov:Plan', type: 'prov:QUALIFIED_NAME' },
  });
  expect(activity!['honua:attempt-1']).toMatchObject({
    'honua:tier': 'in-process',
    'honua:end': 'succeeded',
  });
  expect(Object.values(wasGeneratedBy!)).toHaveLength(1);
});

it('a failed run has its reason, and no output', async () => {
  const job = await submit(server.url, 'reproject', {
    inputs: { features: { type: 'Point', coordinates: [0, 90] }, targetCrs: 'EPSG:3857' },
  });
  await untilFinished(job);
  const { activity, wasGeneratedBy } = await provenanceOf(job);
  const run = activity![`job:${job.split('/').at(-1)}`]!;
  expect(run['honua:state']).toBe('failed');
  expect(run['honua:failure']).toBeTruthy();
  expect(wasGeneratedBy).toEqual({});
});

it('of a job that never was there is none', async () => {
  const reply = await fetch(`${server.url}/jobs/01900000-0000-7000-8000-000000000000/provenance`);
  expect(reply.status).toBe(404);
});
