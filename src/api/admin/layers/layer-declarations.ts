import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type HonuaConfig, LAYER_NAME, type LayerSettings } from '../../../config/index.js';
import {
  Connections,
  DeclaredLayers,
  type LayerFacts,
  type LayerHistoryEntry,
  Layers,
  placeWithin,
} from '../../../data-sources/index.js';
import { AppError, invalidInput } from '../../../shared/app-error.js';
import { type AdminLayerInfo, declaredLayer } from './admin-layer-info.js';

/** What operators may declare: nothing that the configuration declares, and no more of this machine than it gives. */
@Injectable()
export class LayerDeclarations {
  constructor(
    @Inject(CONFIG) private readonly config: HonuaConfig,
    private readonly declared: DeclaredLayers,
    private readonly connections: Connections,
    private readonly layers: Layers,
  ) {}

  /** All of them, by id. */
  list(): AdminLayerInfo[] {
    const configured = Object.entries(this.config.layers).map(([id, settings]): AdminLayerInfo => ({
      id,
      declaredBy: 'configuration',
      settings,
    }));
    const others = this.declared.all().filter(({ id }) => !Object.hasOwn(this.config.layers, id));
    return [...configured, ...others.map(declaredLayer)].sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** Throws AppError `not-found`. */
  get(id: string): AdminLayerInfo {
    const found = this.list().find((layer) => layer.id === id);
    if (found) return found;
    throw new AppError('not-found', 'layer-not-found', `There is no layer '${id.slice(0, 100)}'.`);
  }

  /** Throws AppError `invalid-input`, `conflict`, and as the version asks. */
  async set(
    id: string,
    settings: LayerSettings | undefined,
    by: { expected?: number; who: string },
  ): Promise<number> {
    if (!LAYER_NAME.test(id))
      throw invalidInput(
        'The id of a layer has up to 100 letters, digits, _ and -, and begins with a letter.',
      );
    if (Object.hasOwn(this.config.layers, id))
      throw new AppError('conflict', 'layer-configured', `Layer '${id}' is declared in the configuration.`);
    if (settings) await this.check(settings);
    return this.declared.change(id, { settings, ...by });
  }

  /** Reads the data as it would be declared. Throws AppError `invalid-input`, and `unavailable` where it cannot be read. */
  async tryOut(settings: LayerSettings): Promise<LayerFacts> {
    await this.check(settings);
    return this.layers.tryOut(settings);
  }

  history(id: string): Promise<LayerHistoryEntry[]> {
    return this.declared.history(id);
  }

  private async check(settings: LayerSettings): Promise<void> {
    const wrong = (path: string, message: string): AppError =>
      invalidInput(`${path}: ${message}`, [{ path, message }]);
    if (settings.provider !== 'postgis') {
      // Whether it is there at all is not told: nobody learns so what else the machine has.
      if (!(await placeWithin(settings.path, this.config.processing.layerFolders)))
        throw wrong('/path', 'is no file in a folder of processing.layerFolders');
    } else if (settings.connection !== undefined && !this.connections.has(settings.connection))
      throw wrong(
        '/connection',
        `the configuration has no connection '${settings.connection.slice(0, 100)}'`,
      );
  }
}
