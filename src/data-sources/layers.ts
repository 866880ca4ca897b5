import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { CONFIG, type HonuaConfig, type LayerSettings } from '../config/index.js';
import { WorkSessions } from '../database/index.js';
import { AppError } from '../shared/app-error.js';
import { FileSource } from './file-source.js';
import type { Layer, LayerFacts, LayerSource } from './layer.js';
import { PlacedTable } from './placed-table.js';
import { PostgisSource } from './postgis-source.js';

/** Connections that layers are read with, beside those of the service itself. */
const CONNECTIONS = 2;
/** Facts may be that old. */
const FRESH_MS = 10_000;

/** The datasets that requests may name. A layer that a tenant may not see is for it as if it were not there. */
@Injectable()
export class Layers implements OnApplicationShutdown {
  private sessions?: WorkSessions;
  private readonly known = new Map<string, { at: number; facts: Promise<LayerFacts> }>();

  constructor(@Inject(CONFIG) private readonly config: HonuaConfig) {}

  /** Those that a tenant may see, by id. */
  list(tenant: string): Layer[] {
    return Object.entries(this.config.layers)
      .filter(([, settings]) => isVisible(settings, tenant))
      .map(([id, settings]) => describe(id, settings))
      .sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** Throws AppError `not-found`, code `layer-not-found`. */
  get(tenant: string, id: string): Layer & { source: LayerSource } {
    const settings = Object.hasOwn(this.config.layers, id) ? this.config.layers[id]! : undefined;
    if (!settings || !isVisible(settings, tenant))
      throw new AppError('not-found', 'layer-not-found', `There is no layer '${id.slice(0, 100)}'.`);
    return { ...describe(id, settings), source: this.sourceOf(settings) };
  }

  /** What a layer holds; to find out, all of it is read, but not more often than that. Throws as `get` and the source do. */
  facts(tenant: string, id: string): Promise<LayerFacts> {
    const { source } = this.get(tenant, id);
    const known = this.known.get(id);
    if (known && performance.now() - known.at < FRESH_MS) return known.facts;
    const facts = source.facts();
    this.known.set(id, { at: performance.now(), facts });
    facts.catch(() => this.known.delete(id));
    return facts;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.sessions?.close();
  }

  private sourceOf(settings: LayerSettings): LayerSource {
    if (settings.provider === 'geojson') return new FileSource(settings.provider, settings, undefined);
    if (settings.provider !== 'postgis') return new FileSource(settings.provider, settings, settings.crs);
    const { database, tier2 } = this.config;
    this.sessions ??= WorkSessions.open(database.url!, { size: CONNECTIONS, name: 'honua-layers' });
    const { statementTimeout } = tier2.classes.DbHeavy;
    const placed = new PlacedTable(this.sessions, settings, statementTimeout);
    return new PostgisSource(this.sessions, settings, statementTimeout, placed);
  }
}

const isVisible = ({ tenants }: LayerSettings, tenant: string): boolean =>
  tenants === undefined || tenants.includes(tenant);

const describe = (id: string, { provider, title, description }: LayerSettings): Layer => ({
  id,
  provider,
  title: title ?? id,
  ...(description !== undefined && { description }),
});
