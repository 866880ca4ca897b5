import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Database } from '../../database/index.js';
import type { FailureReason, OutputPayload } from '../../execution/index.js';
import { AppError, type AppErrorKind } from '../../shared/app-error.js';
import type { Principal } from '../../shared/principal.js';
import { readRun } from '../run/find-run.js';
import type { ProcessRun, StoredOutput } from '../run/process-run.entity.js';

export interface RunResults {
  run: ProcessRun;
  outputs: OutputPayload[];
}

/**
 * The outputs of a succeeded run. Throws AppError `not-found`, `gone` (dismissed, cancelled or past retention),
 * `not-ready` (not finished), or, for a failed run, the kind its failure reason stands for.
 */
export class GetResults extends Query<RunResults> {
  constructor(
    readonly principal: Principal,
    readonly runId: string,
    /** The run, where the caller has it as it is now. */
    readonly known?: ProcessRun,
  ) {
    super();
  }
}

/** Whose fault a failure was. */
const KIND_OF_FAILURE: Record<FailureReason, AppErrorKind> = {
  'invalid-input': 'invalid-input',
  'process-error': 'internal',
  timeout: 'timeout',
  'out-of-memory': 'too-large',
  'too-large': 'too-large',
  'invalid-result': 'internal',
  'tier-lost': 'internal',
  rejected: 'rejected',
  'queue-timeout': 'timeout',
  'approval-rejected': 'forbidden',
  'children-failed': 'internal',
};

/** A run's failure as the error that asking for its results ends with. */
export const failureOf = ({ reason, message }: NonNullable<ProcessRun['failure']>): AppError =>
  new AppError(KIND_OF_FAILURE[reason], `run-failed-${reason}`, message);

@QueryHandler(GetResults)
export class GetResultsHandler implements IQueryHandler<GetResults> {
  constructor(private readonly database: Database) {}

  async execute({ principal, runId, known }: GetResults): Promise<RunResults> {
    const run = known ?? (await readRun(this.database, principal.tenant, runId));
    const stored = requireOutputs(run);
    const inline = stored.every(({ key }) => key) ? [] : await this.readInline(run);
    const bytes = new Map(inline.map((output) => [output.id, output.bytes]));
    if (stored.some(({ id, key }) => !key && !bytes.has(id))) {
      await readRun(this.database, principal.tenant, runId); // says so where it was dismissed between the two reads
      throw expired();
    }
    return { run, outputs: stored.map((output) => toPayload(output, bytes)) };
  }

  private readInline({ tenant, id }: ProcessRun): Promise<InlineOutput[]> {
    return this.database.readOnce<InlineOutput>('select * from read_outputs($1, $2)', [tenant, id]);
  }
}

interface InlineOutput {
  id: string;
  bytes: Buffer<ArrayBuffer>;
}

function requireOutputs(run: ProcessRun): StoredOutput[] {
  if (run.state === 'cancelled' || run.cancelRequestedAt)
    throw new AppError('gone', 'run-cancelled', 'The run was cancelled: it has no results.');
  if (run.state === 'failed') throw failureOf(run.failure!);
  if (run.state !== 'succeeded')
    throw new AppError('not-ready', 'results-not-ready', 'The run has not finished yet.');
  const outputs = run.outputs ?? [];
  if (!run.resultArtifactUri && outputs.some(({ key }) => key)) throw expired();
  return outputs;
}

const expired = (): AppError =>
  new AppError('gone', 'results-expired', 'The results were kept for their time and are deleted.');

function toPayload(
  { id, mediaType, features, key, size, sha256 }: StoredOutput,
  inline: Map<string, InlineOutput['bytes']>,
): OutputPayload {
  const about = { id, mediaType, features };
  if (key) return { ...about, payload: { kind: 'artifact', key, size, sha256 } };
  return { ...about, payload: { kind: 'inline', bytes: inline.get(id)!, size, sha256 } };
}
