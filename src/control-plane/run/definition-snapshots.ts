import { Injectable } from '@nestjs/common';
import { Database } from '../../database/index.js';
import type { CatalogEntry, ProcessDefinition } from '../../registry/index.js';

/** What a process was when a run of it was admitted: a reload of the catalog changes no run in flight. */
@Injectable()
export class DefinitionSnapshots {
  /** By hash: definitions never change under theirs, and there are few. */
  private readonly known = new Map<string, ProcessDefinition>();

  constructor(private readonly database: Database) {}

  async keep({ hash, definition }: Pick<CatalogEntry, 'hash' | 'definition'>): Promise<void> {
    if (this.known.has(hash)) return;
    await this.database.asSystem((manager) =>
      manager.query(
        'insert into process_definitions (hash, definition) values ($1, $2) on conflict do nothing',
        [hash, JSON.stringify(definition)],
      ),
    );
    this.known.set(hash, definition);
  }

  async get(hash: string): Promise<ProcessDefinition> {
    const known = this.known.get(hash);
    if (known) return known;
    const [row] = await this.database.asSystem((manager) =>
      manager.query<{ definition: ProcessDefinition }[]>(
        'select definition from process_definitions where hash = $1',
        [hash],
      ),
    );
    if (!row) throw new Error(`No definition is kept under ${hash}`);
    this.known.set(hash, row.definition);
    return row.definition;
  }
}
