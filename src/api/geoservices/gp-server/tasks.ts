import { Injectable } from '@nestjs/common';
import type { ProcessRun } from '../../../control-plane/index.js';
import { plainName, taskName } from '../../../execution-adapter/index.js';
import { Catalog, type ProcessDefinition } from '../../../registry/index.js';
import { AppError } from '../../../shared/app-error.js';

/** The catalog as tasks. */
@Injectable()
export class Tasks {
  constructor(private readonly catalog: Catalog) {}

  list(): ProcessDefinition[] {
    return this.catalog.list().map(({ definition }) => definition);
  }

  names(): string[] {
    return this.list().map(({ id }) => taskName(id));
  }

  /** What a task of the path runs: the id of its process, as it was asked for, and its definition. */
  find(name: string): { processId: string; definition: ProcessDefinition } {
    const exact = this.catalog.find(name);
    if (exact) return { processId: name, definition: exact.definition };
    const same = this.list().find(({ id }) => plainName(id) === plainName(name));
    if (same) return { processId: same.id, definition: same };
    const pinned = name
      .replace(/_v(\d+)$/i, '-v$1')
      .replaceAll('_', '-')
      .toLowerCase();
    const entry = this.catalog.find(pinned);
    if (entry) return { processId: pinned, definition: entry.definition };
    throw new AppError('not-found', 'process-not-found', 'There is no task of this name.');
  }

  /** The definition a run was made with, or the nearest that the catalog still has. Throws AppError `not-found`. */
  ofRun({ processId, processVersion }: ProcessRun): ProcessDefinition {
    const major = processVersion.split('.')[0];
    const entry = this.catalog.find(`${processId}-v${major}`) ?? this.catalog.find(processId);
    if (!entry)
      throw new AppError('not-found', 'process-not-found', 'The task of this job is not published any more.');
    return entry.definition;
  }
}
