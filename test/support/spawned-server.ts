import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';

const here = resolve(import.meta.dirname, '../..');
const START_LIMIT_MS = 30_000;

export interface SpawnedServer {
  url: string;
  process: ChildProcess;
  /** Everything it printed so far. */
  output(): string;
  /** Ends it and resolves when it is gone. */
  stop(signal: NodeJS.Signals): Promise<void>;
}

/** The built server as a process of its own, to be killed at will. Throws with what it printed if it does not start. */
export async function spawnServer(env: Record<string, string>, root = here): Promise<SpawnedServer> {
  const child = spawn(process.execPath, ['--enable-source-maps', join(root, 'dist/src/main.js')], {
    cwd: root,
    env: { PATH: process.env.PATH, PORT: '0', HONUA_LOG_LEVEL: 'warn', ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  for (const stream of [child.stdout!, child.stderr!])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = once(child, 'exit');
  const limit = setTimeout(() => child.kill('SIGKILL'), START_LIMIT_MS);
  const ready = await Promise.race([
    once(child, 'message').then(([message]) => message as { url: string }),
    ended.then(() => undefined),
  ]);
  clearTimeout(limit);
  if (!ready) throw new Error(`The server did not start:\n${output}`);
  return {
    url: ready.url.replace('localhost', '127.0.0.1'),
    process: child,
    output: () => output,
    stop: async (signal) => {
      child.kill(signal);
      await ended;
    },
  };
}
