import { Inject, Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { CONFIG, type HonuaConfig, type LayerSettings } from '../config/index.js';
import { Database, Notifications } from '../database/index.js';
import { checkVersion } from '../shared/check-version.js';

export interface DeclaredLayer {
  id: string;
  settings: LayerSettings;
  version: number;
  updatedAt: Date;
  updatedBy: string;
}

export interface LayerChange {
  /** Absent: the layer is deleted. */
  settings?: LayerSettings;
  /** The version that is to be changed; absent where there is to be none yet. */
  expected?: number;
  who: string;
}

export interface LayerHistoryEntry {
  version: number;
  at: Date;
  who: string;
  before: LayerSettings | null;
  after: LayerSettings | null;
}

const CHANNEL = 'honua_layers';
const COLUMNS = 'id, settings, version, updated_at as "updatedAt", updated_by as "updatedBy"';
const MOST_HISTORY = 1_000;

/**
 * Layers that operators declare while the service runs, as this process knows them: read at start, again when one was
 * changed anywhere, and every `processing.policyRefresh`, should that have been missed.
 */
@Injectable()
export class DeclaredLayers implements OnModuleInit, OnApplicationShutdown {
  private readonly log = new Logger(DeclaredLayers.name);
  private layers = new Map<string, DeclaredLayer>();
  private reading: Promise<void> = Promise.resolve();
  private timer?: NodeJS.Timeout;
  private stopListening?: () => void;

  constructor(
    @Inject(CONFIG) private readonly config: HonuaConfig,
    private readonly database: Database,
    private readonly notifications: Notifications,
  ) {}

  async onModuleInit(): Promise<void> {
    this.stopListening = this.notifications.subscribe(CHANNEL, () => this.readBehind());
    await this.refresh();
    this.timer = setInterval(() => this.readBehind(), this.config.processing.policyRefresh);
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
    this.stopListening?.();
  }

  find(id: string): DeclaredLayer | undefined {
    return this.layers.get(id);
  }

  all(): DeclaredLayer[] {
    return [...this.layers.values()];
  }

  /**
   * Writes or deletes a layer with its history, and tells every server, in one transaction; answers the version, 0 where
   * there was nothing to delete. Throws AppError `precondition-failed` and `precondition-required`.
   */
  async change(id: string, { settings, expected, who }: LayerChange): Promise<number> {
    const version = await this.database.asSystem((manager) =>
      manager.transaction(async (tx) => {
        await tx.query('select pg_advisory_xact_lock(7204, hashtext($1))', [id]);
        const [before] = await tx.query<DeclaredLayer[]>(`select ${COLUMNS} from layers where id = $1`, [id]);
        checkVersion(before?.version, expected);
        if (!before && !settings) return 0;
        const [{ next }] = (await tx.query(
          'select coalesce(max(version), 0)::int + 1 as next from layer_history where layer_id = $1',
          [id],
        )) as [{ next: number }];
        const after = settings ? JSON.stringify(settings) : null;
        if (settings)
          await tx.query(
            `insert into layers (id, settings, version, updated_by) values ($1, $2, $3, $4)
             on conflict (id) do update set settings = excluded.settings, version = excluded.version,
               updated_by = excluded.updated_by, updated_at = clock_timestamp()`,
            [id, after, next, who],
          );
        else await tx.query('delete from layers where id = $1', [id]);
        await tx.query(
          'insert into layer_history (layer_id, version, who, before, after) values ($1, $2, $3, $4, $5)',
          [id, next, who, before ? JSON.stringify(before.settings) : null, after],
        );
        await tx.query(`select pg_notify('${CHANNEL}', $1)`, [id]);
        return next;
      }),
    );
    await this.refresh();
    return version;
  }

  /** What became of a layer, newest first. */
  history(id: string): Promise<LayerHistoryEntry[]> {
    return this.database.asSystem((manager) =>
      manager.query<LayerHistoryEntry[]>(
        `select version, at, who, before, after from layer_history where layer_id = $1 order by id desc limit $2`,
        [id, MOST_HISTORY],
      ),
    );
  }

  /** One reading after the other, so that an older never comes last. */
  private refresh(): Promise<void> {
    const read = this.reading.then(async () => {
      const rows = await this.database.asSystem((manager) =>
        manager.query<DeclaredLayer[]>(`select ${COLUMNS} from layers`),
      );
      this.layers = new Map(rows.map((row) => [row.id, row]));
    });
    this.reading = read.catch(() => {});
    return read;
  }

  private readBehind(): void {
    this.refresh().catch((error: Error) => this.log.warn(`Layers were not read: ${error.message}`));
  }
}
