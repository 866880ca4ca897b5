import { Injectable, Logger } from '@nestjs/common';
import { ArtifactStore } from '../../artifacts/index.js';
import type { AttemptRef, FailureReason, Outcome, RunMessage, Usage } from '../../execution/index.js';
import { BatchProvider, type JobExit } from './batch-provider.js';
import { readManifest, type ResultManifest } from './result-manifest.js';

const REASONS: Record<string, FailureReason> = {
  'invalid-input': 'invalid-input',
  'too-large': 'too-large',
  'out-of-memory': 'out-of-memory',
  'not-approved': 'rejected',
};
const STOPPED: Record<'timeout' | 'out-of-memory' | 'too-large', string> = {
  timeout: 'Job exceeded timeout limit',
  'out-of-memory': 'The worker needed more memory than it may have.',
  'too-large': 'The worker wrote more than it may.',
};
const LONGEST_TAIL = 2_000;
const LONGEST_REASON = 500;

/** What a job led to. Its manifest decides: an exit code says only how the program ended. */
@Injectable()
export class OutcomeMaker {
  private readonly log = new Logger(OutcomeMaker.name);

  constructor(
    private readonly artifacts: ArtifactStore,
    private readonly provider: BatchProvider,
  ) {}

  async of(attempt: AttemptRef, exit: JobExit): Promise<Outcome> {
    const { wallMs, cpuMs, stopped } = exit;
    if (stopped === 'cancelled') return { kind: 'cancelled', usage: { wallMs, cpuMs } };
    return this.by(await this.manifest(attempt), attempt, { ...exit, stopped });
  }

  /** Of a job that nobody knows any more: by its manifest, or undefined where it left none. */
  async ofForgotten(attempt: AttemptRef): Promise<Outcome | undefined> {
    const manifest = await this.manifest(attempt);
    return manifest && this.by(manifest, attempt, { wallMs: manifest.usage.wallMs ?? 0, cpuMs: 0 });
  }

  private async by(
    manifest: ResultManifest | undefined,
    attempt: AttemptRef,
    exit: JobExit & { stopped?: keyof typeof STOPPED },
  ): Promise<Outcome> {
    const { wallMs, cpuMs, stopped } = exit;
    const usage = { wallMs, cpuMs: Math.max(cpuMs, manifest?.usage.cpuMs ?? 0) };
    if (manifest && 'outputs' in manifest)
      return { kind: 'succeeded', outputs: manifest.outputs, messages: manifest.messages, usage };
    if (stopped) return this.failed(attempt, stopped, STOPPED[stopped], usage);
    if (manifest) {
      const { reason, message } = manifest.error;
      const failure = { reason: REASONS[reason] ?? 'process-error', message, retryable: false } as const;
      return { kind: 'failed', failure, messages: manifest.messages, usage };
    }
    return this.failed(attempt, 'process-error', howItEnded(exit), usage);
  }

  private async manifest(attempt: AttemptRef): Promise<ResultManifest | undefined> {
    try {
      return await readManifest(this.artifacts, attempt);
    } catch (error) {
      this.log.error({ err: error, runId: attempt.runId }, 'The manifest of a worker is wrong');
      const message = `The result of the worker is not what its manifest says: ${(error as Error).message.slice(0, 200)}.`;
      return { error: { reason: 'process-error', message }, messages: [], usage: {} };
    }
  }

  private async failed(
    attempt: AttemptRef,
    reason: FailureReason,
    message: string,
    usage: Usage,
  ): Promise<Outcome> {
    const tail = (await this.provider.logTail(attempt)).trim().slice(-LONGEST_TAIL);
    const messages: RunMessage[] =
      tail === '' ? [] : [{ level: 'error', text: `The log ends with:\n${tail}` }];
    return { kind: 'failed', failure: { reason, message, retryable: false }, messages, usage };
  }
}

function howItEnded({ code, signal, reason }: JobExit): string {
  if (reason !== undefined) return `The worker was ended: ${reason.slice(0, LONGEST_REASON)}`;
  if (signal !== undefined) return `The worker was ended by ${signal}.`;
  if (code === 0) return 'The worker ended without a result.';
  return code === undefined ? 'The worker is gone.' : `The worker ended with exit code ${code}.`;
}
