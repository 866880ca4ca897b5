import { type FSWatcher, watch } from 'node:fs';
import { Inject, Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { CONFIG, type HonuaConfig } from '../config/index.js';
import { AppError } from '../shared/app-error.js';
import { type CatalogEntry, type CatalogFault, loadCatalog } from './load-catalog.js';

/** A burst of file events (an editor saving, a checkout) is one reload. */
const SETTLE_MS = 200;

/**
 * The processes that can be run now. `buffer` is the newest version of buffer, `buffer-v1` the newest of its major
 * version 1. A reload replaces the whole table at once; runs keep the definition they were admitted with.
 */
@Injectable()
export class Catalog implements OnModuleInit, OnModuleDestroy {
  private readonly log = new Logger(Catalog.name);
  private newest = new Map<string, CatalogEntry>();
  private pinned = new Map<string, CatalogEntry>();
  private watcher?: FSWatcher;
  private settling?: NodeJS.Timeout;
  faults: CatalogFault[] = [];

  constructor(@Inject(CONFIG) private readonly config: HonuaConfig) {}

  onModuleInit(): void {
    this.reload();
    this.watcher = watch(this.config.processing.processesFolder, () => {
      clearTimeout(this.settling);
      this.settling = setTimeout(() => this.reload(), SETTLE_MS);
    });
  }

  onModuleDestroy(): void {
    clearTimeout(this.settling);
    this.watcher?.close();
  }

  /** Reads the folder again. Bad files are logged and left out; a folder that cannot be read changes nothing. */
  reload(): void {
    let loaded;
    try {
      loaded = loadCatalog(this.config.processing.processesFolder);
    } catch (error) {
      this.log.error({ err: error }, 'The process catalog cannot be read; the one in use stays');
      return;
    }
    this.faults = loaded.faults;
    for (const { file, line, column, reason } of loaded.faults)
      this.log.error(`${file}:${line}:${column} ${reason}`);
    this.newest = new Map();
    this.pinned = new Map();
    for (const entry of loaded.entries.filter(({ definition }) => definition.enabled).sort(byVersion)) {
      const { id, version } = entry.definition;
      this.newest.set(id, entry);
      this.pinned.set(`${id}-v${version.split('.')[0]}`, entry);
    }
  }

  /** The newest version of each process, sorted by id. */
  list(): CatalogEntry[] {
    return [...this.newest.values()].sort((a, b) => (a.definition.id < b.definition.id ? -1 : 1));
  }

  find(id: string): CatalogEntry | undefined {
    return this.newest.get(id) ?? this.pinned.get(id);
  }

  /** Throws AppError `not-found`, code `process-not-found`. */
  get(id: string): CatalogEntry {
    const entry = this.find(id);
    if (!entry) throw new AppError('not-found', 'process-not-found', `There is no process '${id}'.`);
    return entry;
  }
}

function byVersion(a: CatalogEntry, b: CatalogEntry): number {
  const [left, right] = [a, b].map((entry) => entry.definition.version.split('.').map(Number));
  for (let part = 0; part < 3; part++) if (left![part] !== right![part]) return left![part]! - right![part]!;
  return 0;
}
