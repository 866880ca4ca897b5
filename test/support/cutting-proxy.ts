import { connect, createServer, type AddressInfo } from 'node:net';

/** Passes requests on to a server, and cuts the connection at the first byte of its reply. */
export interface CuttingProxy {
  url: string;
  /** Replies that were cut. */
  readonly cuts: number;
  close(): Promise<void>;
}

/** What the client cannot know then is whether its request was done: it was. */
export async function startCuttingProxy(target: string): Promise<CuttingProxy> {
  const { hostname, port } = new URL(target);
  let cuts = 0;
  const proxy = createServer((client) => {
    const server = connect(Number(port), hostname);
    client.on('error', () => server.destroy());
    server.on('error', () => client.destroy());
    client.on('close', () => server.destroy());
    client.pipe(server);
    server.once('data', () => {
      cuts += 1;
      client.resetAndDestroy();
      server.destroy();
    });
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    get cuts() {
      return cuts;
    },
    close: () => new Promise((resolve) => proxy.close(() => resolve())),
  };
}
