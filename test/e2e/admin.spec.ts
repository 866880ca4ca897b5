/** What operators ask and do, over HTTP; every documented example works as it stands. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../support/app.js';
import { submit, untilFinished } from '../support/ogc-client.js';

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ Ledger__Key: 'a key that only this test knows, of more than 32 bytes' });
});
afterAll(() => server.close());

type Json = Record<string, any>;
const send = async (
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; body: Json }> => {
  const reply = await fetch(`${server.url}/admin/${path}`, {
    method,
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: reply.status, body: (await reply.json()) as Json };
};
const echoed = async (pause = 0): Promise<string> => {
  const job = await submit(server.url, 'echo', { inputs: { echo: 'x', pause } });
  if (pause === 0) await untilFinished(job);
  return job.split('/').at(-1)!;
};

describe('runs', () => {
  it('are found by what is asked for, page by page', async () => {
    const ids = [await echoed(), await echoed(), await echoed()];
    const first = await send('GET', 'runs?process=echo&state=succeeded&limit=2');
    expect(first.status).toBe(200);
    expect(first.body.runs.map(({ id }: Json) => id)).toEqual([ids[2], ids[1]]);
    const second = await send('GET', `runs?process=echo&limit=2&after=${first.body.next}`);
    expect(second.body.runs[0].id).toBe(ids[0]);
    expect((await send('GET', 'runs?tenant=nobody')).body).toEqual({ runs: [] });
  });

  it('one is told with its lines of the ledger', async () => {
    const { status, body } = await send('GET', `runs/${await echoed()}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ tenant: 'default', state: 'succeeded', tier: 'in-process' });
    expect(body.ledger.map(({ kind }: Json) => kind)).toEqual(['accepted', 'started', 'succeeded']);
  });

  it('an ended one is run again as a new one', async () => {
    const id = await echoed();
    const { status, body } = await send('POST', `runs/${id}/retry`);
    expect(status).toBe(201);
    expect(body.id).not.toBe(id);
    await untilFinished(`${server.url}/jobs/${body.id}`);
    expect(await (await fetch(`${server.url}/jobs/${body.id}/results`)).text()).toContain('x');
  });

  it('a running one is cancelled, with the reason', async () => {
    const id = await echoed(20);
    expect((await send('POST', `runs/${id}/retry`)).status).toBe(409);
    expect((await send('POST', `runs/${id}/cancel`, { reason: 'Blocks others' })).status).toBe(200);
    await untilFinished(`${server.url}/jobs/${id}`);
    const { body } = await send('GET', `runs/${id}`);
    expect(body).toMatchObject({ state: 'cancelled', message: 'Blocks others' });
  });

  it.each([
    ['GET', 'runs?colour=red', 400],
    ['GET', 'runs?state=odd', 400],
    ['GET', 'runs?limit=0', 400],
    ['GET', 'runs/nonsense', 404],
    ['POST', 'runs/01900000-0000-7000-8000-000000000000/retry', 404],
  ])('%s %s is %i', async (method, path, expected) => {
    const { status, body } = await send(method, path);
    expect(status).toBe(expected);
    expect(body).toHaveProperty('title');
  });

  it.each([['{"reason": 1}'], ['{"why": "x"}'], ['[1'], ['x'.repeat(300_000)]])(
    'a body that is not good (%#) is refused, with the reason',
    async (text) => {
      const { status, body } = await send('POST', `runs/${await echoed()}/cancel`, text);
      expect([400, 413]).toContain(status);
      expect(body.detail).toBeTruthy();
    },
  );
});

it('a tier is drained and put back', async () => {
  const drained = await send('POST', 'tiers/in-process/drain', { reason: 'Maintenance until noon' });
  expect(drained.body.tiers[0].drained).toMatchObject({ reason: 'Maintenance until noon' });
  const refused = await fetch(`${server.url}/processes/echo/execution`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"inputs":{"echo":"x"}}',
  });
  expect(refused.status).toBe(503);
  expect(refused.headers.get('retry-after')).toBeTruthy();
  const back = await send('POST', 'tiers/in-process/resume');
  expect(back.body.tiers[0].drained).toBeUndefined();
  await echoed();
});

describe('the catalog', () => {
  it('is told, and read again', async () => {
    const { body } = await send('GET', 'catalog');
    expect(body.faults).toEqual([]);
    expect(body.processes.map(({ id }: Json) => id)).toContain('buffer');
    expect((await send('POST', 'catalog/reload')).body).toEqual(body);
  });

  it('a definition is judged without being kept', async () => {
    const good = readFileSync('processes/echo.yaml', 'utf8');
    expect((await send('POST', 'catalog/validate', good)).body).toEqual({ valid: true, faults: [] });
    const { body } = await send('POST', 'catalog/validate', good.replace('title:', 'titel:'));
    expect(body.valid).toBe(false);
    expect(body.faults[0]).toMatchObject({ line: expect.any(Number), reason: expect.stringContaining('t') });
  });
});

describe('the ledger', () => {
  it('is sealed within a second, and whole', async () => {
    const id = await echoed();
    const { length } = (await send('GET', `runs/${id}`)).body.ledger;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const { body } = await send('GET', 'ledger/verification');
    expect(body).toMatchObject({ whole: true, faults: [] });
    const { Client } = await import('pg');
    const client = new Client(server.database.superUrl);
    await client.connect();
    const { rows } = await client.query(
      'select from ledger_blocks b, unnest(b.run_ids) s (id) where s.id = $1',
      [id],
    );
    await client.end();
    expect(rows).toHaveLength(length);
  });

  it('a head that was kept proves the chain; another does not', async () => {
    const { body: head } = await send('GET', 'ledger/head');
    await echoed();
    const { position, mac } = head;
    expect((await send('GET', `ledger/verification?position=${position}&mac=${mac}`)).body.whole).toBe(true);
    const forged = mac.replace(/^./, (digit: string) => (digit === '0' ? '1' : '0'));
    const { body } = await send('GET', `ledger/verification?position=${position}&mac=${forged}`);
    expect(body).toMatchObject({ whole: false, faults: [{ kind: 'block-changed', position }] });
    expect((await send('GET', 'ledger/verification?position=1')).status).toBe(400);
  });
});

it('the queue dashboard is served, and only its own scripts may run', async () => {
  const reply = await fetch(`${server.url}/admin/queues`);
  expect(reply.status).toBe(200);
  const page = await reply.text();
  expect(page).toContain('retention');
  const policy = reply.headers.get('content-security-policy')!;
  expect(policy).not.toMatch(/script-src[^;]*unsafe-inline/);
  const [, asset] = /"(\/admin\/queues\/assets\/[^"]+\.js)"/.exec(page)!;
  const script = await fetch(server.url + asset);
  expect(script.headers.get('content-type')).toContain('javascript');
  await script.arrayBuffer();
});

it('every operation of the definition says what it does', async () => {
  const { paths } = (await (await fetch(`${server.url}/api/admin-openapi.json`)).json()) as Json;
  for (const [path, item] of Object.entries<Json>(paths))
    for (const [method, operation] of Object.entries<Json>(item)) {
      expect(operation.summary, `${method} ${path}`).toBeTruthy();
      expect(operation.operationId, `${method} ${path}`).toBeTruthy();
      expect(operation.tags, `${method} ${path}`).toEqual(['Admin']);
    }
});
