import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { withClient } from '../../launcher/private-cluster.ts';
import { startServer, type TestServer } from '../support/app.js';
import { jobUrl, post, submit, untilFinished } from '../support/ogc-client.js';
import { type Received, type Receiver, startReceiver } from '../support/receiver.js';

let receiver: Receiver;
let server: TestServer;
let webhook: Webhook;
beforeAll(async () => {
  receiver = await startReceiver();
  server = await startServer({
    Outbound__Allow: receiver.host,
    Callbacks__FirstRetry: '1s',
    Callbacks__LongestRetry: '1s',
    Callbacks__Retries: '2',
    Callbacks__Timeout: '2s',
  });
  const { secret } = (await (await fetch(`${server.url}/callbacks/secret`)).json()) as { secret: string };
  webhook = new Webhook(secret);
});
afterAll(async () => {
  await server.close();
  await receiver.close();
});

let name = 0;
let subscriber: Record<string, string>;
const to = (path: string) => (request: Received) => request.path === `/${name}/${path}`;
beforeEach(() => {
  name++;
  receiver.answer = () => 204;
  const uri = (path: string): string => `${receiver.url}/${name}/${path}`;
  subscriber = { successUri: uri('success'), inProgressUri: uri('progress'), failedUri: uri('failed') };
});

const verified = ({ body, headers }: Received): any =>
  webhook.verify(body, headers as Record<string, string>);
const POINT = { type: 'Point', coordinates: [7, 51] };
const count = (path: string): number => receiver.received.filter(to(path)).length;
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 2_500));

async function ledgerOf(job: string, kind: string): Promise<Record<string, any>[]> {
  const id = job.split('/').at(-1);
  return withClient(server.database.superUrl, async (client) => {
    const text = 'select data from process_run_events where run_id = $1 and kind = $2';
    return (await client.query<{ data: Record<string, any> }>(text, [id, kind])).rows.map(({ data }) => data);
  });
}

describe('a subscriber is told', () => {
  it('the results, as a document, signed; and before that that it runs', async () => {
    const job = await submit(server.url, 'buffer', {
      inputs: { features: POINT, distance: 10 },
      subscriber,
    } as never);
    const success = await receiver.until(to('success'));
    expect(success.headers['content-type']).toBe('application/json');
    const document = verified(success);
    const results: unknown = await (await fetch(`${job}/results`)).json();
    expect(document).toEqual({ result: { value: results, mediaType: 'application/geo+json' } });
    await settled();
    expect(count('success')).toBe(1);
    expect(count('failed')).toBe(0);
  });

  it('progress while it runs, in its order', async () => {
    await submit(server.url, 'echo', { inputs: { echo: 'x', pause: 4 }, subscriber } as never);
    const progress = await receiver.until(to('progress'));
    const info = verified(progress);
    expect(info).toMatchObject({ status: 'running', type: 'process' });
    expect(info.links.map(({ href }: { href: string }) => new URL(href).origin)).toContain(server.url);
    const success = await receiver.until(to('success'));
    expect(verified(success)).toEqual({ echo: 'x', length: 1 });
    await settled();
    expect(receiver.received.filter(({ path }) => path.startsWith(`/${name}/`)).at(-1)).toBe(success);
  });

  it('of a synchronous run too, and the answer does not wait for it', async () => {
    receiver.answer = () => 'hang';
    const reply = await post(server.url, 'echo', { inputs: { echo: 'now' }, subscriber });
    expect(reply.status).toBe(200);
    await receiver.until(to('success'));
  });

  it('the problem of a run that failed, as its results say it', async () => {
    const accepted = await post(
      server.url,
      'reproject',
      { inputs: { features: { type: 'Point', coordinates: [0, 90] }, targetCrs: 'EPSG:3857' }, subscriber },
      { prefer: 'respond-async' },
    );
    expect(accepted.status, await accepted.clone().text()).toBe(201);
    const job = jobUrl(server.url, accepted);
    expect((await untilFinished(job)).status).toBe('failed');
    const failed = await receiver.until(to('failed'));
    expect(failed.headers['content-type']).toBe('application/problem+json');
    const { requestId: _, ...problem } = (await (await fetch(`${job}/results`)).json()) as Record<
      string,
      unknown
    >;
    expect(verified(failed)).toEqual(problem);
    expect(count('success')).toBe(0);
  });

  it('that a run was cancelled', async () => {
    const job = await submit(server.url, 'echo', { inputs: { echo: 'x', pause: 30 }, subscriber } as never);
    await receiver.until(to('progress'));
    await fetch(job, { method: 'DELETE' });
    expect(verified(await receiver.until(to('failed')))).toMatchObject({
      status: 410,
      code: 'run-cancelled',
    });
    expect(count('success')).toBe(0);
  });

  it('only what it wants to hear', async () => {
    await submit(server.url, 'echo', {
      inputs: { echo: 'x' },
      subscriber: { successUri: subscriber.successUri },
    } as never);
    await receiver.until(to('success'));
    expect(count('progress')).toBe(0);
  });
});

describe('a delivery', () => {
  const run = (): Promise<string> =>
    submit(server.url, 'echo', {
      inputs: { echo: 'x' },
      subscriber: { successUri: subscriber.successUri },
    } as never);

  it('that fails is tried again, with the same id and a signature of its own', async () => {
    let tries = 0;
    // What an earlier test left unanswered is tried again meanwhile, and does not count.
    receiver.answer = (request) => (to('success')(request) && ++tries < 3 ? 503 : 204);
    const job = await run();
    await receiver.until(() => count('success') === 3);
    await settled();
    const all = receiver.received.filter(to('success'));
    expect(all).toHaveLength(3);
    expect(new Set(all.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    for (const one of all) expect(verified(one)).toEqual({ echo: 'x', length: 1 });
    expect(await ledgerOf(job, 'callback-failed')).toEqual([]);
  });

  it.each([500, 302, 404])(
    'answered with %i is given up in the end, and the ledger says so',
    async (status) => {
      receiver.answer = () => status;
      const job = await run();
      await receiver.until(() => count('success') === 3);
      await expect.poll(() => ledgerOf(job, 'callback-failed'), { timeout: 15_000 }).toHaveLength(1);
      const [entry] = await ledgerOf(job, 'callback-failed');
      expect(entry).toMatchObject({ uri: subscriber.successUri });
      expect(count('success')).toBe(3);
      expect(receiver.received.some(({ path }) => path === '/elsewhere')).toBe(false);
      expect((await untilFinished(job)).status).toBe('successful');
    },
  );

  it('answered with 410 is never tried again', async () => {
    receiver.answer = () => 410;
    const job = await run();
    await receiver.until(to('success'));
    await expect.poll(() => ledgerOf(job, 'callback-failed'), { timeout: 15_000 }).toHaveLength(1);
    expect(count('success')).toBe(1);
  });

  it('to a receiver that says nothing ends, and is tried again', async () => {
    receiver.answer = () => 'hang';
    const job = await run();
    await receiver.until(() => count('success') === 2);
    receiver.answer = () => 200;
    await receiver.until(() => count('success') === 3);
    expect((await untilFinished(job)).status).toBe('successful');
  });
});

describe('a subscriber is refused', () => {
  it.each([
    'http://127.0.0.1:1/',
    'http://localhost/',
    'http://2130706433/',
    'http://0x7f.1/',
    'http://[::ffff:127.0.0.1]/',
    'http://169.254.169.254/latest/meta-data/',
    'http://user:pass@example.org/',
    'ftp://example.org/',
    'file:///etc/passwd',
    'http://example.org:5432/',
    'javascript:alert(1)',
  ])('that is at %s', async (uri) => {
    const reply = await post(server.url, 'echo', {
      inputs: { echo: 'x' },
      subscriber: { ...subscriber, failedUri: uri },
    });
    expect(reply.status).toBe(400);
    const problem = (await reply.json()) as { code: string; faults: { path: string }[] };
    expect(problem.code).toBe('callback-refused');
    expect(problem.faults.map(({ path }) => path)).toEqual(['/subscriber/failedUri']);
  });

  it('that is no object, or has no URIs', async () => {
    for (const wrong of [
      'x',
      { successUri: 5 },
      { successUri: 'nonsense' },
      { url: 'https://example.org' },
    ]) {
      const reply = await post(server.url, 'echo', { inputs: { echo: 'x' }, subscriber: wrong });
      expect(reply.status).toBe(400);
    }
  });
});
