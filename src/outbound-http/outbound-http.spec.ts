import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import {
  createServer as createTcpServer,
  type AddressInfo,
  type Server as TcpServer,
  type Socket,
} from 'node:net';
import { buffer, text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OutboundError } from './outbound-error.js';
import { OutboundHttp, type OutboundRequest, type OutboundSettings } from './outbound-http.js';
import type { ResolveName } from './resolve-name.js';

const GET: OutboundRequest = { method: 'GET', maxBytes: 1_000, timeoutMs: 2_000 };
const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function listen(server: Server | TcpServer, host?: string): Promise<number> {
  server.listen(0, host);
  await once(server, 'listening');
  closers.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

const serve = (answer: RequestListener): Promise<number> => listen(createServer(answer), '127.0.0.1');

function client(over: Partial<OutboundSettings> = {}, resolve?: ResolveName): OutboundHttp {
  const settings = { allow: [], onlyAllowed: false, ports: [80, 443], connectTimeoutMs: 1_000, ...over };
  return new OutboundHttp(settings, resolve && { stranger: resolve, trusted: resolve });
}

const failure = async (call: Promise<unknown>): Promise<OutboundError> =>
  call.then(
    () => {
      throw new Error('The call went through');
    },
    (error: OutboundError) => {
      expect(error).toBeInstanceOf(OutboundError);
      return error;
    },
  );

describe('no connection is made', () => {
  let port: number;
  let peers: string[];
  beforeEach(async () => {
    peers = [];
    const server = createTcpServer((socket) => {
      peers.push(socket.localAddress!);
      socket.destroy();
    });
    port = await listen(server, '::'); // every address of this machine, of both families
  });

  /** Each would lead to this machine, or to a neighbour of it, by somebody's reading. */
  it.each([
    '127.0.0.1',
    '127.1',
    '127.0.1',
    '2130706433',
    '0x7f000001',
    '0x7f.1',
    '0177.0.0.1',
    '017700000001',
    '0',
    '0.0.0.0',
    '127.0.0.1.',
    '127.255.255.254',
    '[::1]',
    '[::]',
    '[0:0:0:0:0:0:0:1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[::127.0.0.1]',
    '[64:ff9b::7f00:1]',
    '[64:ff9b:1::7f00:1]',
    '[2002:7f00:1::]',
    '[2001:0:7f00:1::]',
    '[fe80::1]',
    '[fec0::1]',
    '[fc00::1]',
    '[fd00:ec2::254]',
    '[ff02::1]',
    '169.254.169.254',
    '0xa9fea9fe',
    '2852039166',
    '169.254.170.2',
    '100.64.0.1',
    '100.100.100.200',
    '10.0.0.1',
    '172.16.0.1',
    '192.168.0.1',
    '192.0.0.192',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    'localhost',
    'LOCALHOST',
    'localhost.',
    'a.localhost',
    '１２７.0.0.1',
    '①②⑦.0.0.1',
    '127。0。0。1',
    '%31%32%37.0.0.1',
    'user@127.0.0.1',
    'example.org@127.0.0.1',
    '[fe80::1%25lo]',
  ])('to %s', async (host) => {
    const error = await failure(client({ ports: [port] }).call(`http://${host}:${port}/`, GET));
    expect(error.reason).toBe('refused');
    expect(peers).toEqual([]);
  });

  it.each([
    ['127.0.0.1'],
    ['::1'],
    ['169.254.169.254'],
    ['::ffff:127.0.0.1'],
    ['64:ff9b::7f00:1'],
    ['10.1.2.3'],
  ])('to a name that resolves to %s', async (address) => {
    const resolve: ResolveName = async () => [address];
    const call = client({ ports: [port] }, resolve).call(`http://rebound.example:${port}/`, GET);
    expect((await failure(call)).reason).toBe('refused');
    expect(peers).toEqual([]);
  });

  it('to a name with one private address among public ones', async () => {
    const resolve: ResolveName = async () => ['203.0.114.1', '127.0.0.1'];
    const call = client({ ports: [port] }, resolve).call(`http://rebound.example:${port}/`, GET);
    expect((await failure(call)).reason).toBe('refused');
    expect(peers).toEqual([]);
  });

  it('to a name that has another answer by now than when it was taken', async () => {
    let asked = 0;
    const resolve: ResolveName = async () => [asked++ === 0 ? '::1' : '127.0.0.1'];
    // On the list by that name, so the first answer may be private: it is connected to, and asked for once.
    const http = client({ allow: [`rebound.example:${port}`] }, resolve);
    expect((await failure(http.call(`http://rebound.example:${port}/`, GET))).reason).toBe('unreachable');
    expect([asked, peers]).toEqual([1, ['::1']]);
    // Not on the list: judged by what it resolves to now.
    const strict = client({ ports: [port] }, resolve);
    expect((await failure(strict.call(`http://rebound.example:${port}/`, GET))).reason).toBe('refused');
    expect([asked, peers]).toEqual([2, ['::1']]);
  });

  it('and no message names what was resolved', async () => {
    const call = client({ ports: [port] }, async () => ['10.20.30.40']).call(
      `http://inside.example:${port}/`,
      GET,
    );
    expect((await failure(call)).message).not.toMatch(/10\.20/);
  });
});

describe('an answer', () => {
  it('comes whole, from a host on the list', async () => {
    const port = await serve((request, response) => {
      response.setHeader('x-saw', JSON.stringify(request.headers));
      response.end(`${request.method} ${request.url}`);
    });
    process.env.HTTP_PROXY = 'http://127.0.0.1:1';
    try {
      const answer = await client({ allow: ['127.0.0.1'] }).call(`http://127.0.0.1:${port}/a?b=c#d`, GET);
      expect(answer.status).toBe(200);
      expect(await text(answer.body)).toBe('GET /a?b=c');
      const saw = JSON.parse(answer.headers['x-saw'] as string) as Record<string, string>;
      expect(saw['accept-encoding']).toBe('identity');
      expect(saw.authorization).toBeUndefined();
      expect(saw.cookie).toBeUndefined();
    } finally {
      delete process.env.HTTP_PROXY;
    }
  });

  it('to a POST takes its body', async () => {
    const port = await serve((request, response) => request.pipe(response));
    const body = Buffer.from('{"a":1}');
    const answer = await client({ allow: [`127.0.0.1:${port}`] }).call(`http://127.0.0.1:${port}/`, {
      ...GET,
      method: 'POST',
      body,
    });
    expect(await buffer(answer.body)).toEqual(body);
  });

  it.each([301, 302, 303, 307, 308])('that redirects by %s is not followed', async (status) => {
    const seen: string[] = [];
    const port = await serve((request, response) => {
      seen.push(request.url!);
      response.writeHead(status, { location: '/next' }).end();
    });
    const call = client({ allow: ['127.0.0.1'] }).call(`http://127.0.0.1:${port}/first`, GET);
    expect((await failure(call)).reason).toBe('redirected');
    expect(seen).toEqual(['/first']);
  });

  it.each([
    ['that says it is too large', true],
    ['that turns out too large', false],
  ])('%s is cut off', async (_, declared) => {
    const port = await serve((_request, response) => {
      if (declared) response.setHeader('content-length', 5_000);
      for (let at = 0; at < 5; at++) response.write(Buffer.alloc(1_000));
      response.end();
    });
    const call = client({ allow: ['127.0.0.1'] }).call(`http://127.0.0.1:${port}/`, GET);
    expect((await failure(call.then(({ body }) => buffer(body)))).reason).toBe('too-large');
  });

  it('that ends too early is none', async () => {
    const port = await serve((_request, response) => {
      response.setHeader('content-length', 500);
      response.write('half');
      setTimeout(() => response.destroy(), 20);
    });
    const call = client({ allow: ['127.0.0.1'] }).call(`http://127.0.0.1:${port}/`, GET);
    expect((await failure(call.then(({ body }) => buffer(body)))).reason).toBe('unreachable');
  });

  it('in an encoding that was not asked for is none', async () => {
    const port = await serve((_request, response) => {
      response.setHeader('content-encoding', 'gzip');
      response.end('bomb');
    });
    const call = client({ allow: ['127.0.0.1'] }).call(`http://127.0.0.1:${port}/`, GET);
    expect((await failure(call)).reason).toBe('unreachable');
  });
});

describe('time runs out', () => {
  const quick = { ...GET, timeoutMs: 300 };
  const drip = async (write: (socket: Socket) => void): Promise<{ port: number; gone: Promise<unknown> }> => {
    const gone = Promise.withResolvers<void>();
    const server = createTcpServer((socket) => {
      socket.resume();
      socket.on('error', () => {}).on('close', () => gone.resolve());
      const timer = setInterval(() => write(socket), 20);
      socket.on('close', () => clearInterval(timer));
    });
    return { port: await listen(server, '127.0.0.1'), gone: gone.promise };
  };

  it.each<[string, (socket: Socket) => void]>([
    ['of a host that says nothing', () => {}],
    ['of a head that never ends', (socket) => socket.write('x')],
    ['of answers that are none yet', (socket) => socket.write('HTTP/1.1 102 Processing\r\n\r\n')],
  ])('%s', async (_, write) => {
    const { port, gone } = await drip(write);
    const begun = performance.now();
    const call = client({ allow: ['127.0.0.1'] }).call(`http://127.0.0.1:${port}/`, quick);
    expect(['timeout', 'unreachable']).toContain((await failure(call)).reason);
    expect(performance.now() - begun).toBeLessThan(1_500);
    await gone;
  });

  it('of headers without end', async () => {
    const { port, gone } = await drip((socket) =>
      socket.write(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(4_000)}\r\n`),
    );
    const call = client({ allow: ['127.0.0.1'] }).call(`http://127.0.0.1:${port}/`, {
      ...GET,
      timeoutMs: 5_000,
    });
    expect((await failure(call)).reason).toBe('unreachable');
    await gone;
  });

  it('of a body that drips', async () => {
    const port = await serve((_request, response) => {
      const timer = setInterval(() => response.write('.'), 20);
      response.on('close', () => clearInterval(timer));
    });
    const { body } = await client({ allow: ['127.0.0.1'] }).call(`http://127.0.0.1:${port}/`, quick);
    expect((await failure(buffer(body))).reason).toBe('timeout');
  });

  it('of a name server that does not answer', async () => {
    const never: ResolveName = () => new Promise(() => {});
    const http = client({ connectTimeoutMs: 200 }, never);
    expect((await failure(http.call('http://slow.example/', GET))).reason).toBe('timeout');
  });

  it('of a caller who gives up', async () => {
    const { port, gone } = await drip(() => {});
    const signal = AbortSignal.timeout(100);
    const call = client({ allow: ['127.0.0.1'] }).call(`http://127.0.0.1:${port}/`, { ...GET, signal });
    expect((await failure(call)).reason).toBe('unreachable');
    await gone;
  });
});
