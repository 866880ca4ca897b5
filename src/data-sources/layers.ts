import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type HonuaConfig, type LayerSettings } from '../config/index.js';
import { AppError } from '../shared/app-error.js';
import { Connections } from './connections.js';
import { DeclaredLayers } from './declared-layers.js';
import { FileSource } from './file-source.js';
import type { Layer, LayerFacts, LayerSource } from './layer.js';
import { PlacedTable, type SoundTables } from './placed-table.js';
import { PostgisSource } from './postgis-source.js';

/** Facts may be that old. */
const FRESH_MS = 10_000;

interface Known {
  settings: LayerSettings;
  /** 0 for those of the configuration, which stand before those that operators declare. */
  version: number;
}

/** The datasets that requests may name. A layer that a tenant may not see is for it as if it were not there. */
@Injectable()
export class Layers {
  private readonly sound: SoundTables = new Map();
  private readonly looked = new Map<string, { at: number; version: number; facts: Promise<LayerFacts> }>();

  constructor(
    @Inject(CONFIG) private readonly config: HonuaConfig,
    private readonly connections: Connections,
    private readonly declared: DeclaredLayers,
  ) {}

  /** Those that a tenant may see, by id. */
  list(tenant: string): Layer[] {
    const ids = new Set([...Object.keys(this.config.layers), ...this.declared.all().map(({ id }) => id)]);
    return [...ids].sort().flatMap((id) => {
      const { settings } = this.find(id)!;
      return isVisible(settings, tenant) ? [describe(id, settings)] : [];
    });
  }

  /** Throws AppError `not-found`, code `layer-not-found`. */
  get(tenant: string, id: string): Layer & { source: LayerSource } {
    const { settings, version } = this.visible(tenant, id);
    return { ...describe(id, settings), source: this.sourceOf(settings, version > 0) };
  }

  /** What a layer holds; to find out, all of it is read, but not more often than that. Throws as `get` and the source do. */
  facts(tenant: string, id: string): Promise<LayerFacts> {
    const { version } = this.visible(tenant, id);
    const known = this.looked.get(id);
    if (known?.version === version && performance.now() - known.at < FRESH_MS) return known.facts;
    const facts = this.get(tenant, id).source.facts();
    this.looked.set(id, { at: performance.now(), version, facts });
    facts.catch(() => this.looked.delete(id));
    return facts;
  }

  /** What a layer would hold that an operator is about to declare. Throws as its source does. */
  async tryOut(settings: LayerSettings): Promise<LayerFacts> {
    return this.sourceOf(settings, true).facts();
  }

  private visible(tenant: string, id: string): Known {
    const known = this.find(id);
    if (known && isVisible(known.settings, tenant)) return known;
    throw new AppError('not-found', 'layer-not-found', `There is no layer '${id.slice(0, 100)}'.`);
  }

  private find(id: string): Known | undefined {
    if (Object.hasOwn(this.config.layers, id)) return { settings: this.config.layers[id]!, version: 0 };
    return this.declared.find(id);
  }

  private sourceOf(settings: LayerSettings, isDeclared: boolean): LayerSource {
    const folders = isDeclared ? this.config.processing.layerFolders : undefined;
    if (settings.provider === 'geojson') return new FileSource(settings.provider, settings, { folders });
    if (settings.provider !== 'postgis')
      return new FileSource(settings.provider, settings, { folders, crs: settings.crs });
    const { statementTimeout } = this.config.tier2.classes.DbHeavy;
    const sessions = this.connections.to(settings.connection);
    // Procedures are in the database of the service, and reach no other.
    const isHere = settings.connection === undefined;
    const placed = isHere ? new PlacedTable(sessions, settings, statementTimeout, this.sound) : undefined;
    return new PostgisSource(sessions, settings, statementTimeout, placed);
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
