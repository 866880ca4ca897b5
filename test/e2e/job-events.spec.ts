/** A job followed by server-sent events, from its first moment, from the middle, and after its end. */
import { type ClientRequest, get } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startServer, type TestServer } from '../support/app.js';
import { submit, untilFinished } from '../support/ogc-client.js';

interface StreamEvent {
  id: number;
  status: string;
  progress: number;
  message?: string;
}

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

async function* eventsOf(reply: Response): AsyncGenerator<StreamEvent> {
  let text = '';
  for await (const chunk of reply.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const [, id, data] = /^id: (\d+)\ndata: (.*)$/s.exec(text.slice(0, end)) ?? [];
      text = text.slice(end + 2);
      if (id) yield { ...(JSON.parse(data!) as Omit<StreamEvent, 'id'>), id: Number(id) };
    }
  }
}

async function all(reply: Response): Promise<StreamEvent[]> {
  const events: StreamEvent[] = [];
  for await (const event of eventsOf(reply)) events.push(event);
  return events;
}
const echo = (pause: number): Promise<string> => submit(server.url, 'echo', { inputs: { echo: 'x', pause } });

it('tells each move of a job as it happens, and ends with it', async () => {
  const job = await echo(2.5);
  const reply = await fetch(`${job}/events`);
  expect(reply.headers.get('content-type')).toBe('text/event-stream');
  expect(reply.headers.get('x-accel-buffering')).toBe('no');
  const arrived: number[] = [];
  const events: StreamEvent[] = [];
  for await (const event of eventsOf(reply)) {
    arrived.push(performance.now());
    events.push(event);
  }
  expect(events.map(({ id }) => id)).toEqual(events.map((_, index) => index + 1));
  expect(events[0]!.status).toBe('accepted');
  expect(events[1]!.status).toBe('running');
  expect(events.at(-1)).toMatchObject({ status: 'successful', progress: 100 });
  const progress = events.map((event) => event.progress);
  expect(progress).toEqual([...progress].sort((a, b) => a - b));
  expect(progress.some((percent) => percent > 0 && percent < 100)).toBe(true);
  // As it happens: not all at once at the end.
  expect(arrived.at(-1)! - arrived[0]!).toBeGreaterThan(1_000);
  const { status } = (await (await fetch(job)).json()) as StreamEvent;
  expect(status).toBe('successful');
});

it('goes on after Last-Event-ID, and says when there is no more', async () => {
  const job = await echo(0);
  await untilFinished(job);
  const whole = await all(await fetch(`${job}/events`));
  expect(whole.length).toBeGreaterThanOrEqual(3);
  const from = (id: number): Promise<Response> =>
    fetch(`${job}/events`, { headers: { 'last-event-id': String(id) } });
  expect(await all(await from(1))).toEqual(whole.slice(1));
  expect((await from(whole.length)).status).toBe(204);
});

it('shows a cancel', async () => {
  const job = await echo(30);
  const reply = await fetch(`${job}/events`);
  const statuses: string[] = [];
  for await (const { status } of eventsOf(reply)) {
    if (status === 'running' && !statuses.includes('running')) await fetch(job, { method: 'DELETE' });
    statuses.push(status);
  }
  expect(statuses.at(-1)).toBe('dismissed');
});

/** Resolves once the first bytes are there. */
const watch = (url: string): Promise<ClientRequest> =>
  new Promise((resolve) => {
    const client = get(url, { agent: false }, (reply) => reply.once('data', () => resolve(client)));
  });

it('frees what a client that hangs up held', async () => {
  const job = await echo(2);
  const connections = (): Promise<number> =>
    new Promise((resolve) =>
      server.app.getHttpServer().getConnections((_: unknown, count: number) => resolve(count)),
    );
  const clients = await Promise.all(Array.from({ length: 20 }, () => watch(`${job}/events`)));
  expect(await connections()).toBeGreaterThanOrEqual(20);
  for (const client of clients) client.destroy();
  await expect.poll(connections, { timeout: 3_000 }).toBeLessThan(15);
  expect((await untilFinished(job)).status).toBe('successful');
});

it('is a problem document for a job that never was', async () => {
  const reply = await fetch(`${server.url}/jobs/01900000-0000-7000-8000-000000000000/events`);
  expect(reply.status).toBe(404);
  expect(reply.headers.get('content-type')).toBe('application/json');
});
