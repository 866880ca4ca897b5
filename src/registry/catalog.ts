import { Injectable } from '@nestjs/common';
import { AppError } from '../shared/app-error.js';
import type { ProcessDefinition } from './process-definition.js';

export interface CatalogEntry {
  definition: ProcessDefinition;
  /** SHA-256 of the definition; a run keeps it, with the definition itself. */
  hash: string;
  file: string;
}

/** The processes that can be run now. */
@Injectable()
export class Catalog {
  private entries = new Map<string, CatalogEntry>();

  /** One entry per process, sorted by id. */
  list(): CatalogEntry[] {
    return [...this.entries.values()];
  }

  find(id: string): CatalogEntry | undefined {
    return this.entries.get(id);
  }

  /** Throws AppError `not-found`, code `process-not-found`. */
  get(id: string): CatalogEntry {
    const entry = this.find(id);
    if (!entry) throw new AppError('not-found', 'process-not-found', `There is no process '${id}'.`);
    return entry;
  }
}
