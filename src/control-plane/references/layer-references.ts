import { Inject, Injectable } from '@nestjs/common';
import { ArtifactStore } from '../../artifacts/index.js';
import { CONFIG, type HonuaConfig } from '../../config/index.js';
import { Layers } from '../../data-sources/index.js';
import type { FetchedReference, Reference } from '../../execution/index.js';
import { AppError } from '../../shared/app-error.js';
import { type LayerReference, readLayerHref } from '../../shared/layer-reference.js';

export interface LayerTaking {
  tenant: string;
  layer: LayerReference;
  maxBytes: number;
  /** Whether it may be left in its table. */
  mayStay: boolean;
}

/** Layers that requests name: read out into the artifact store, or left in their table and described there. */
@Injectable()
export class LayerReferences {
  constructor(
    @Inject(CONFIG) private readonly config: HonuaConfig,
    private readonly store: ArtifactStore,
    private readonly layers: Layers,
  ) {}

  /** As it is now: every attempt at the run reads the same, except of what is left in its table. */
  async take(reference: Reference, key: string, taking: LayerTaking): Promise<FetchedReference> {
    const { layer, tenant, maxBytes, mayStay } = taking;
    const { source, provider } = this.find(reference, tenant, layer.id);
    const { href } = reference;
    const known = { href, mediaType: 'application/geo+json', layer: { id: layer.id, provider } };
    if (mayStay && source.placed) {
      const inPlace = await source.placed.measure(layer.selection).catch(atFault(reference));
      const most = this.config.tier2.maxLayerFeatures;
      if (inPlace.features > most)
        throw new AppError(
          'too-large',
          'too-many-features',
          `${reference.path}: more than ${most} features.`,
        );
      const description = Buffer.from(JSON.stringify({ layer: layer.id, provider, ...inPlace }));
      const { size, sha256 } = await this.store.put(key, description, maxBytes);
      return { ...known, key, size, sha256, layer: { ...known.layer, inPlace } };
    }
    const content = await source.read(layer.selection).catch(atFault(reference));
    const { size, sha256 } = await this.store.put(key, content, maxBytes);
    return { ...known, key, size, sha256 };
  }

  /**
   * For a tier that does not reach into tables: what is left in one is read out, each under its key with `ending`, in the
   * same folder. Throws AppError as taking it does.
   */
  readOut(
    references: FetchedReference[],
    { tenant, maxBytes, ending }: { tenant: string; maxBytes: number; ending: string },
  ): Promise<FetchedReference[]> {
    const each = references.map(async (fetched): Promise<FetchedReference> => {
      if (!fetched.layer?.inPlace) return fetched;
      const layer = readLayerHref(fetched.href)!;
      const reference = { href: fetched.href, path: '/inputs' };
      return this.take(reference, `${fetched.key}${ending}`, { tenant, layer, maxBytes, mayStay: false });
    });
    return Promise.all(each);
  }

  private find({ path }: Reference, tenant: string, id: string): ReturnType<Layers['get']> {
    try {
      return this.layers.get(tenant, id);
    } catch (error) {
      const { message } = error as AppError;
      throw new AppError('invalid-input', 'layer-not-found', `${path}: ${message}`, {
        faults: [{ path, message }],
      });
    }
  }
}

/** What is wrong with a selection is told with the input that has it. */
const atFault =
  ({ path }: Reference) =>
  (error: unknown): never => {
    if (!(error instanceof AppError) || error.kind !== 'invalid-input') throw error;
    const faults = error.faults.map((fault) => ({ ...fault, path: path + fault.path }));
    throw new AppError(error.kind, error.code, `${path}: ${error.message}`, { faults });
  };
