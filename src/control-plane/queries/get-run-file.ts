import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { ArtifactStore, findRunFile } from '../../artifacts/index.js';
import { Database } from '../../database/index.js';
import type { OutputPayload } from '../../execution/index.js';
import { AppError } from '../../shared/app-error.js';
import type { Principal } from '../../shared/principal.js';
import { readRun } from '../run/find-run.js';

/** A file that the program of a succeeded run left, by its name there. Throws like GetRun, and `not-found`. */
export class GetRunFile extends Query<OutputPayload> {
  constructor(
    readonly principal: Principal,
    readonly runId: string,
    readonly name: string,
  ) {
    super();
  }
}

@QueryHandler(GetRunFile)
export class GetRunFileHandler implements IQueryHandler<GetRunFile> {
  constructor(
    private readonly database: Database,
    private readonly store: ArtifactStore,
  ) {}

  async execute({ principal, runId, name }: GetRunFile): Promise<OutputPayload> {
    const run = await readRun(this.database, principal.tenant, runId);
    // What an attempt left that did not succeed is nothing.
    const hasFiles = run.state === 'succeeded' && run.tierHandle !== null;
    const file = hasFiles ? await findRunFile(this.store, { runId, attempt: run.attempt }, name) : undefined;
    if (!file) throw new AppError('not-found', 'no-such-file', 'The run left no file of this name.');
    const { mediaType, ...stored } = file;
    return { id: name, mediaType, payload: { kind: 'artifact', ...stored } };
  }
}
