import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { existsSync } from 'node:fs';
import { mkdir, open, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, extname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { ArtifactStore, logKey, outputPrefix, stagingPrefix } from '../../../artifacts/index.js';
import { CONFIG, type HonuaConfig } from '../../../config/index.js';
import type { AttemptRef, SubmittedAttempt, TierCapacity, TierHealth } from '../../../execution/index.js';
import { nameOf } from '../attempt-name.js';
import { type BatchJob, BatchProvider, type JobExit, type JobStanding } from '../batch-provider.js';
import { JOB_FILES, type SupervisedJob } from './job-folder.js';

/** A supervisor that was not seen for so long is gone, with its machine or by force. */
const SILENT_MS = 15_000;
const LOOK_EVERY_MS = 50;
const TAIL_BYTES = 16_384;
const SUPERVISOR = fileURLToPath(new URL(`./supervise${extname(import.meta.url)}`, import.meta.url));

/**
 * Workers as programs of this machine, each under a supervisor that outlives this server. They talk by files in the
 * artifact folder alone, so any server that has the folder can find, stop and adopt a job.
 */
@Injectable()
export class LocalProvider extends BatchProvider {
  private readonly log = new Logger(LocalProvider.name);
  private readonly active = new Set<string>();
  private readonly slots: number;
  private readonly programs: string;
  private readonly secrets: string | undefined;
  private listener: (attempt: AttemptRef, exit: JobExit) => Promise<void> = async () => {};

  constructor(
    @Inject(CONFIG) { processing: { cloudBatch } }: HonuaConfig,
    private readonly artifacts: ArtifactStore,
  ) {
    super();
    this.slots = cloudBatch.slots || Math.max(1, Math.floor(availableParallelism() / 2));
    this.secrets = cloudBatch.secretsFolder ? resolve(cloudBatch.secretsFolder) : undefined;
    this.programs = join(resolve(cloudBatch.workerFolder), 'bin');
  }

  unready(): string | undefined {
    return existsSync(join(this.programs, 'honua-worker'))
      ? undefined
      : 'The Python worker is not installed.';
  }

  nameOf(attempt: AttemptRef): string {
    return nameOf(attempt);
  }

  async submit(job: BatchJob): Promise<string> {
    const folder = this.folderOf(job);
    const outputFolder = this.pathOf(outputPrefix(job));
    const logFile = this.pathOf(logKey(job));
    await Promise.all([folder, outputFolder, dirname(logFile)].map((one) => mkdir(one, { recursive: true })));
    const scratch = join(folder, JOB_FILES.scratch);
    const [program, ...rest] = job.command as [string, ...string[]];
    const supervised: SupervisedJob = {
      command: [join(this.programs, program), ...rest],
      environment: {
        ...job.environment,
        HONUA_ARTIFACT_DIR: scratch,
        ...(this.secrets && { HONUA_SECRETS_DIR: this.secrets }),
        ...this.surroundings(scratch),
      },
      outputFolder,
      logFile,
      limits: job.limits,
    };
    const draft = join(folder, `${JOB_FILES.job}.draft`);
    await writeFile(draft, JSON.stringify(supervised));
    await rename(draft, join(folder, JOB_FILES.job));
    this.active.add(nameOf(job));
    const supervisor = spawn(process.execPath, [SUPERVISOR, folder], {
      detached: true,
      stdio: 'ignore',
      cwd: folder,
      env: { PATH: '/usr/bin:/bin' },
    });
    const { runId, tenant, attempt } = job;
    supervisor.once('error', () => this.active.delete(nameOf(job)));
    supervisor.once('exit', () => {
      this.active.delete(nameOf(job));
      void this.tell({ runId, tenant, attempt });
    });
    supervisor.unref();
    return nameOf(job);
  }

  async stop(attempt: AttemptRef): Promise<void> {
    const folder = this.folderOf(attempt);
    const marked = await writeFile(join(folder, JOB_FILES.stop), '').then(
      () => true,
      () => false,
    );
    // Without its folder it was never submitted, or is over.
    if (marked) while ((await this.standing(attempt)).kind === 'running') await sleep(LOOK_EVERY_MS);
    this.active.delete(nameOf(attempt));
  }

  standings(attempts: SubmittedAttempt[]): Promise<JobStanding[]> {
    return Promise.all(attempts.map((attempt) => this.standing(attempt)));
  }

  private async standing(attempt: AttemptRef): Promise<JobStanding> {
    const folder = this.folderOf(attempt);
    const exit = await readFile(join(folder, JOB_FILES.exit), 'utf8').catch(() => undefined);
    const name = nameOf(attempt);
    if (exit !== undefined) {
      this.active.delete(name);
      return { kind: 'ended', exit: JSON.parse(exit) as JobExit };
    }
    const seen = await lastChange(join(folder, JOB_FILES.alive), join(folder, JOB_FILES.job));
    if (Date.now() - seen < SILENT_MS) {
      this.active.add(name);
      return { kind: 'running', hasNews: true };
    }
    this.active.delete(name);
    return { kind: 'unknown' };
  }

  async logTail(attempt: AttemptRef): Promise<string> {
    const file = await open(this.pathOf(logKey(attempt))).catch(() => undefined);
    if (!file) return '';
    try {
      const { size } = await file.stat();
      const from = Math.max(0, size - TAIL_BYTES);
      const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, size - from, from);
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await file.close();
    }
  }

  onEnded(listener: (attempt: AttemptRef, exit: JobExit) => Promise<void>): void {
    this.listener = listener;
  }

  capacity(): TierCapacity {
    return { slots: this.slots, free: Math.max(0, this.slots - this.active.size) };
  }

  async health(): Promise<TierHealth> {
    const detail = this.unready();
    return detail === undefined ? { healthy: true } : { healthy: false, detail };
  }

  /** Whoever looks after submitted runs would find out too, but later. */
  private async tell(attempt: AttemptRef): Promise<void> {
    try {
      const standing = await this.standing(attempt);
      if (standing.kind === 'ended') await this.listener(attempt, standing.exit);
    } catch (error) {
      this.log.warn(`The end of ${nameOf(attempt)} could not be told: ${(error as Error).message}`);
    }
  }

  /** As much of an environment as libraries need to work, and nowhere to write but the scratch folder. */
  private surroundings(scratch: string): Record<string, string> {
    const threads = String(Math.max(1, Math.floor(availableParallelism() / this.slots)));
    return {
      PATH: `${this.programs}:/usr/bin:/bin`,
      HOME: scratch,
      TMPDIR: scratch,
      LANG: 'C.UTF-8',
      PYTHONDONTWRITEBYTECODE: '1',
      PROJ_NETWORK: 'OFF',
      OMP_NUM_THREADS: threads,
      OPENBLAS_NUM_THREADS: threads,
    };
  }

  private folderOf({ runId, attempt }: AttemptRef): string {
    return this.pathOf(`${stagingPrefix(runId)}attempts/${attempt}`);
  }

  private pathOf(key: string): string {
    return fileURLToPath(this.artifacts.uriOf(key));
  }
}

async function lastChange(...files: string[]): Promise<number> {
  const times = await Promise.all(
    files.map((file) =>
      stat(file).then(
        ({ mtimeMs }) => mtimeMs,
        () => 0,
      ),
    ),
  );
  return Math.max(...times);
}
