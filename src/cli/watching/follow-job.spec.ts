/** What no server of this repository does at will: events that break, events that are not there, jobs that go away. */
import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type Server as HttpServer,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { EXIT } from '../exit-codes.js';
import { interruption } from '../failure.js';
import { Server } from '../server/server.js';
import type { Change } from './change.js';
import { followJob } from './follow-job.js';

type Answer = (request: IncomingMessage, reply: ServerResponse) => void;

let http: HttpServer;
let interrupt: AbortController;
let status: Answer;
let events: Answer;
let seen: (string | undefined)[];

beforeEach(async () => {
  interrupt = new AbortController();
  seen = [];
  http = createServer((request, reply) => {
    if (!request.url!.endsWith('/events')) return status(request, reply);
    seen.push(request.headers['last-event-id'] as string | undefined);
    events(request, reply);
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
});
afterEach(() => {
  http.closeAllConnections();
  http.close();
});

const json = (reply: ServerResponse, body: object, code = 200): void =>
  void reply.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
const at = (second: number, state: string, progress: number): object => ({
  jobID: 'j',
  status: state,
  progress,
  updated: `2026-01-01T00:00:0${second}.000Z`,
});
const event = (id: number, body: object): string => `id: ${id}\ndata: ${JSON.stringify(body)}\n\n`;
const LINKED = { links: [{ href: '/jobs/j/events', rel: 'alternate', type: 'text/event-stream' }] };

async function follow(patienceMs = 5_000, show: (change: Change) => void = () => {}): Promise<string[]> {
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const server = new Server({ url, patienceMs, signal: interrupt.signal });
  const told: string[] = [];
  for await (const change of followJob('j', server, () => {})) {
    told.push(`${change.status} ${change.progress}`);
    show(change);
  }
  return told;
}

it('events that break go on after the last one, and what was known before is not told again', async () => {
  status = (_, reply) => json(reply, { ...at(2, 'running', 20), ...LINKED });
  events = (_, reply) => {
    reply.writeHead(200, { 'content-type': 'text/event-stream' });
    if (seen.length > 1) return void reply.end(event(5, at(5, 'successful', 100)));
    reply.write(
      event(1, at(1, 'accepted', 0)) + event(2, at(2, 'running', 20)) + event(3, at(3, 'running', 30)),
    );
    // The half of an event is none.
    reply.write('id: 4\ndata: {"jobID"', () => reply.destroy());
  };
  expect(await follow()).toEqual(['running 20', 'running 30', 'successful 100']);
  expect(seen).toEqual([undefined, '3']);
});

it('a stream that has no more of it, though the job is over, is not waited for', async () => {
  let asked = 0;
  status = (_, reply) => json(reply, { ...at(1, asked++ === 0 ? 'running' : 'failed', 40), ...LINKED });
  events = (_, reply) => void reply.writeHead(204).end();
  expect(await follow()).toEqual(['running 40', 'failed 40']);
});

it('without events a job is looked at again and again', async () => {
  const states = [at(1, 'accepted', 0), at(2, 'running', 50), at(3, 'successful', 100)];
  status = (_, reply) => json(reply, states.shift()!);
  events = (_, reply) => json(reply, {}, 404);
  expect(await follow()).toEqual(['accepted 0', 'running 50', 'successful 100']);
  expect(seen).toEqual([]);
});

it('a job that is dismissed meanwhile counts as cancelled', async () => {
  let asked = 0;
  status = (_, reply) =>
    asked++ === 0
      ? json(reply, at(1, 'running', 40))
      : json(reply, { title: 'No longer there', status: 410, code: 'run-dismissed' }, 410);
  expect(await follow()).toEqual(['running 40', 'dismissed 0']);
});

it('a server that cannot answer now is waited for, up to its patience', async () => {
  let asked = 0;
  status = (_, reply) => {
    asked += 1;
    if (asked === 1) return json(reply, at(1, 'running', 40));
    if (asked === 2) return json(reply, { title: 'Not available now', status: 503 }, 503);
    return json(reply, at(2, 'successful', 100));
  };
  expect(await follow()).toEqual(['running 40', 'successful 100']);
  asked = 0;
  status = (_, reply) =>
    asked++ === 0 ? json(reply, at(1, 'running', 40)) : json(reply, { status: 503 }, 503);
  await expect(follow(400)).rejects.toMatchObject({ exitCode: EXIT.unreachable });
});

it('whoever is not let in any more is not kept waiting', async () => {
  let asked = 0;
  status = (_, reply) =>
    asked++ === 0 ? json(reply, at(1, 'running', 40)) : json(reply, { status: 401 }, 401);
  await expect(follow()).rejects.toMatchObject({ exitCode: EXIT.refused });
});

it('an interruption ends it at once, while it listens and while it waits', async () => {
  for (const links of [LINKED, {}]) {
    interrupt = new AbortController();
    status = (_, reply) => json(reply, { ...at(1, 'running', 40), ...links });
    events = (_, reply) => reply.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
    const start = performance.now();
    const ended = follow(5_000, () => setTimeout(() => interrupt.abort(interruption()), 100));
    await expect(ended).rejects.toMatchObject({ exitCode: EXIT.interrupted });
    expect(performance.now() - start).toBeLessThan(2_000);
  }
});
