/**
 * Runs one job under its limits, as a process of its own: `node supervise.js FOLDER`. It outlives the server that started
 * it, and imports nothing of it. How it ended stands in the folder last, whoever is there to read it.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { JobExit } from '../batch-provider.js';
import type { SupervisedJob } from './job-folder.js';

const LOOK_EVERY_MS = 200;
/** Every so many looks. */
const SELDOM = 10;
/** From being asked to end to being made to. */
const GRACE_MS = 5_000;
/** Addresses that libraries reserve and never touch. */
const RESERVED_BYTES = 8 * 1024 ** 3;
/** A program that says so many times what is kept is out of control. */
const MOST_TIMES_THE_LOG = 64;
const TAIL_BYTES = 64 * 1024;
const TICKS_PER_SECOND = 100;

/** Keeps the beginning of what a program says as it comes, and its end. */
class CappedLog {
  private readonly file: number;
  private left: number;
  private dropped = 0;
  private tail = Buffer.alloc(0);
  said = 0;

  constructor(path: string, maxBytes: number) {
    this.file = openSync(path, 'a');
    this.left = Math.max(0, maxBytes - TAIL_BYTES);
  }

  add(chunk: Buffer): void {
    this.said += chunk.length;
    const kept = chunk.subarray(0, this.left);
    if (kept.length > 0) writeSync(this.file, kept);
    this.left -= kept.length;
    const rest = Buffer.concat([this.tail, chunk.subarray(kept.length)]);
    this.dropped += Math.max(0, rest.length - TAIL_BYTES);
    this.tail = rest.subarray(-TAIL_BYTES);
  }

  close(): void {
    if (this.dropped > 0) writeSync(this.file, `\n[${this.dropped} bytes left out]\n`);
    writeSync(this.file, this.tail);
    closeSync(this.file);
  }
}

const folder = process.argv[2]!;
const at = (name: string): string => join(folder, name);

/** Where a kernel can, the program goes with its supervisor, however that ends. */
function guarded({ command, limits }: SupervisedJob): string[] {
  const dying = existsSync('/usr/bin/setpriv') ? ['/usr/bin/setpriv', '--pdeathsig', 'KILL', '--'] : [];
  const addresses = Math.ceil((limits.memoryBytes + RESERVED_BYTES) / 1024);
  const blocks = Math.ceil(limits.outputBytes / 512);
  const bounds = `ulimit -c 0; ulimit -v ${addresses}; ulimit -f ${blocks}; exec "$@"`;
  return [...dying, '/bin/sh', '-c', bounds, 'sh', ...command];
}

/** Of a process and all that it started: bytes in memory, milliseconds of processor. */
function used(pid: number): { memory: number; cpuMs: number } {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    const ticks = Number(fields[11]) + Number(fields[12]) + Number(fields[13]) + Number(fields[14]);
    const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]);
    const total = { memory: pages * 4096, cpuMs: (ticks * 1000) / TICKS_PER_SECOND };
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
    for (const child of children.filter(Boolean)) {
      const more = used(Number(child));
      total.memory += more.memory;
      total.cpuMs += more.cpuMs;
    }
    return total;
  } catch {
    return { memory: 0, cpuMs: 0 };
  }
}

function sizeOf(path: string): number {
  let size = 0;
  for (const entry of readdirSync(path, { withFileTypes: true, recursive: true }))
    if (entry.isFile())
      try {
        size += statSync(join(entry.parentPath, entry.name)).size;
      } catch {
        // gone meanwhile
      }
  return size;
}

function finish(exit: JobExit): void {
  const draft = at('exit.draft');
  const file = openSync(draft, 'w');
  writeSync(file, JSON.stringify(exit));
  fsyncSync(file);
  closeSync(file);
  renameSync(draft, at('exit.json'));
}

function supervise(job: SupervisedJob): void {
  const began = Date.now();
  const { limits } = job;
  let stopped: JobExit['stopped'];
  let cpuMs = 0;
  mkdirSync(at('scratch'), { recursive: true });
  const log = new CappedLog(job.logFile, limits.logBytes);
  const [program, ...args] = guarded(job) as [string, ...string[]];
  const child: ChildProcess = spawn(program, args, {
    cwd: at('scratch'),
    env: job.environment,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const signal = (name: NodeJS.Signals): void => {
    try {
      process.kill(-child.pid!, name);
    } catch {
      // it has left
    }
  };
  const stop = (reason: NonNullable<JobExit['stopped']>): void => {
    if (stopped) return;
    stopped = reason;
    signal(reason === 'out-of-memory' ? 'SIGKILL' : 'SIGTERM');
    setTimeout(() => signal('SIGKILL'), GRACE_MS);
  };
  for (const stream of [child.stdout!, child.stderr!])
    stream.on('data', (chunk: Buffer) => {
      log.add(chunk);
      if (log.said > MOST_TIMES_THE_LOG * limits.logBytes) stop('too-large');
    });
  let looks = 0;
  const looking = setInterval(() => {
    if (existsSync(at('stop'))) stop('cancelled');
    const now = used(child.pid!);
    cpuMs = Math.max(cpuMs, now.cpuMs);
    if (now.memory > limits.memoryBytes) stop('out-of-memory');
    if (++looks % SELDOM !== 0) return;
    utimesSync(at('alive'), new Date(), new Date());
    if (sizeOf(job.outputFolder) > limits.outputBytes) stop('too-large');
  }, LOOK_EVERY_MS);
  setTimeout(() => stop('timeout'), limits.timeoutMs);
  child.once('error', (error) => log.add(Buffer.from(`${error.message}\n`)));
  child.once('close', (code, name) => {
    clearInterval(looking);
    signal('SIGKILL'); // what it started and left behind
    log.close();
    // A program that could write no more may end for that by itself.
    if (code !== 0 && sizeOf(job.outputFolder) >= limits.outputBytes) stopped ??= 'too-large';
    rmSync(at('scratch'), { recursive: true, force: true });
    finish({
      ...(code !== null && { code }),
      ...(name !== null && { signal: name }),
      ...(stopped && { stopped }),
      wallMs: Date.now() - began,
      cpuMs: Math.round(cpuMs),
    });
    process.exit(0);
  });
}

process.on('SIGTERM', () => {}); // a server that is shut down leaves its jobs at work
process.on('SIGINT', () => {});
process.on('SIGHUP', () => {});
try {
  closeSync(openSync(at('claimed'), 'wx'));
} catch {
  process.exit(0); // another one has it
}
writeFileSync(at('alive'), '');
if (existsSync(at('stop'))) finish({ stopped: 'cancelled', wallMs: 0, cpuMs: 0 });
else supervise(JSON.parse(readFileSync(at('job.json'), 'utf8')) as SupervisedJob);
