import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { EntityManager } from 'typeorm';
import { Database } from '../../database/index.js';
import type { FailureReason, OutputPayload } from '../../execution/index.js';
import { AppError, type AppErrorKind } from '../../shared/app-error.js';
import type { Principal } from '../../shared/principal.js';
import { isUuidV7 } from '../../shared/uuid-v7.js';
import { findRun, requireRun } from '../run/find-run.js';
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
};

@QueryHandler(GetResults)
export class GetResultsHandler implements IQueryHandler<GetResults> {
  constructor(private readonly database: Database) {}

  async execute({ principal, runId }: GetResults): Promise<RunResults> {
    if (!isUuidV7(runId)) requireRun(undefined, runId);
    return this.database.inTenant(principal.tenant, async (manager) => {
      const run = requireRun(await findRun(manager, runId), runId);
      const stored = requireOutputs(run);
      return { run, outputs: await readOutputs(manager, runId, stored) };
    });
  }
}

function requireOutputs(run: ProcessRun): StoredOutput[] {
  if (run.state === 'cancelled' || run.cancelRequestedAt)
    throw new AppError('gone', 'run-cancelled', 'The run was cancelled: it has no results.');
  if (run.state === 'failed') {
    const { reason, message } = run.failure!;
    throw new AppError(KIND_OF_FAILURE[reason], `run-failed-${reason}`, message);
  }
  if (run.state !== 'succeeded')
    throw new AppError('not-ready', 'results-not-ready', 'The run has not finished yet.');
  const outputs = run.outputs ?? [];
  if (!run.resultArtifactUri && outputs.some(({ key }) => key))
    throw new AppError('gone', 'results-expired', 'The results were kept for their time and are deleted.');
  return outputs;
}

async function readOutputs(
  manager: EntityManager,
  runId: string,
  stored: StoredOutput[],
): Promise<OutputPayload[]> {
  const rows = stored.every(({ key }) => key)
    ? []
    : ((await manager.query('select output_id, bytes from process_run_outputs where run_id = $1', [
        runId,
      ])) as {
        output_id: string;
        bytes: Buffer<ArrayBuffer>;
      }[]);
  const inline = new Map(rows.map((row) => [row.output_id, row.bytes]));
  return stored.map(({ id, mediaType, features, key, size, sha256 }) => {
    if (key) return { id, mediaType, features, payload: { kind: 'artifact', key, size, sha256 } };
    const bytes = inline.get(id);
    if (!bytes) throw new Error(`Output ${id} of run ${runId} is missing`);
    return { id, mediaType, features, payload: { kind: 'inline', bytes, size, sha256 } };
  });
}
