import { once } from 'node:events';
import type { SpawnedServer } from './spawned-server.js';

/** Environment of a server whose memory `liveBytes` can measure. */
export const MEASURABLE = { NODE_OPTIONS: '--inspect=127.0.0.1:0' };

/**
 * Bytes that a server's main thread still holds after a full collection: JavaScript objects and array buffers. Unlike
 * the resident size, it does not follow the size that the engine lets its young generation grow to under load.
 */
export async function liveBytes(server: SpawnedServer): Promise<number> {
  const address = /Debugger listening on (ws:\S+)/.exec(server.output())?.[1];
  if (!address) throw new Error('The server was not started with MEASURABLE');
  const socket = new WebSocket(address);
  await once(socket, 'open');
  let id = 0;
  const call = async (method: string, params = {}): Promise<any> => {
    socket.send(JSON.stringify({ id: ++id, method, params }));
    for (;;) {
      const [{ data }] = (await once(socket, 'message')) as [MessageEvent];
      const answer = JSON.parse(data as string) as { id?: number; result?: unknown };
      if (answer.id === id) return answer.result;
    }
  };
  try {
    // Twice: what finalizers let go is collected by the second.
    await call('HeapProfiler.collectGarbage');
    await call('HeapProfiler.collectGarbage');
    const { result } = await call('Runtime.evaluate', {
      expression: 'const { heapUsed, external } = process.memoryUsage(); heapUsed + external',
      replMode: true,
    });
    return (result as { value: number }).value;
  } finally {
    socket.close();
  }
}
