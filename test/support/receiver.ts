import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
  at: number;
}

export interface Receiver {
  /** `http://127.0.0.1:port` */
  url: string;
  host: string;
  /** Everything that came in, in order. */
  received: Received[];
  /** What it answers: a status, or `hang` for nothing at all. May be changed at any time. */
  answer: (request: Received) => number | 'hang';
  /** What it gives to a GET. */
  content: (request: Received) => { type?: string; body: string | Uint8Array };
  /** The next request that satisfies; looks at those that were there already too. */
  until(satisfies: (request: Received) => boolean, limitMs?: number): Promise<Received>;
  close(): Promise<void>;
}

/** Somebody whom the service calls: a real server on the loopback interface. */
export async function startReceiver(port = 0): Promise<Receiver> {
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const came = { path: request.url!, headers: request.headers, body, at: Date.now() };
      receiver.received.push(came);
      const status = receiver.answer(came);
      if (status === 'hang') return;
      response.statusCode = status;
      response.setHeader('location', '/elsewhere');
      if (request.method !== 'GET') return void response.end();
      const { type, body: given } = receiver.content(came);
      if (type) response.setHeader('content-type', type);
      response.end(given);
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const receiver: Receiver = {
    url: `http://${host}`,
    host,
    received: [],
    answer: () => 200,
    content: () => ({ body: '' }),
    until: async (satisfies, limitMs = 20_000) => {
      const end = Date.now() + limitMs;
      for (;;) {
        const found = receiver.received.find(satisfies);
        if (found) return found;
        if (Date.now() > end)
          throw new Error(
            `Not received in ${limitMs} ms; received: ${receiver.received.map(({ path }) => path).join(' ')}`,
          );
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return receiver;
}
