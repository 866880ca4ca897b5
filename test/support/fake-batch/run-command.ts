/** Runs the command of a job as its container would: that environment, a folder of its own, and a log. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Try {
  command: string[];
  environment: Record<string, string>;
}

export interface Ended {
  /** Absent where a signal ended it. */
  exitCode?: number;
  log: string;
}

export interface RunningTry {
  ended: Promise<Ended>;
  /** SIGTERM, and SIGKILL soon after; `at once` without the first. */
  stop(how: 'kindly' | 'at once'): void;
}

/** A quick function in the place of a program; what it throws is exit code 1. */
export type StandIn = (one: Try, signal: AbortSignal) => Promise<{ exitCode: number; log?: string }>;

const GRACE_MS = 5_000;
const LONGEST_LOG = 1024 ** 2;

/** `surroundings` is what the image and the role of a job give: PATH, endpoints, credentials. */
export function runProgram(one: Try, surroundings: Record<string, string>): RunningTry {
  const [program, ...args] = one.command as [string, ...string[]];
  // A container has a file system of its own: whichever folder it names for its work is not shared.
  const folder = mkdtempSync(join(tmpdir(), 'honua-container-'));
  const env = {
    ...surroundings,
    ...one.environment,
    HONUA_ARTIFACT_DIR: folder,
    TMPDIR: folder,
    HOME: folder,
  };
  const child = spawn(program, args, { cwd: folder, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (log = (log + chunk.toString()).slice(-LONGEST_LOG)));
  const signal = (name: NodeJS.Signals): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, name);
    } catch {
      // it has left
    }
  };
  let grace: NodeJS.Timeout | undefined;
  const ended = new Promise<Ended>((resolve) => {
    const finish = (code: number | null): void => {
      clearTimeout(grace);
      signal('SIGKILL'); // what it started and left behind
      rmSync(folder, { recursive: true, force: true });
      resolve({ ...(code !== null && { exitCode: code }), log });
    };
    child.once('error', (error) => {
      log += `${error.message}\n`;
      finish(127);
    });
    child.once('close', finish);
  });
  const stop = (how: 'kindly' | 'at once'): void => {
    signal(how === 'kindly' ? 'SIGTERM' : 'SIGKILL');
    if (how === 'kindly') grace ??= setTimeout(() => signal('SIGKILL'), GRACE_MS);
  };
  return { ended, stop };
}

export function runStandIn(one: Try, standIn: StandIn): RunningTry {
  const abortion = new AbortController();
  const stopped = new Promise<Ended>((resolve) =>
    abortion.signal.addEventListener('abort', () => resolve({ exitCode: 143, log: '' })),
  );
  const worked = standIn(one, abortion.signal).then(
    ({ exitCode, log = '' }): Ended => ({ exitCode, log }),
    (error: Error): Ended => ({ exitCode: 1, log: `${error.message}\n` }),
  );
  return { ended: Promise.race([worked, stopped]), stop: () => abortion.abort() };
}
