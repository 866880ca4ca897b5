import { open } from 'node:fs/promises';
import { AppError } from '../shared/app-error.js';
import type { LayerSnapshot, LayerSource } from './layer.js';

/** A GeoJSON file on this machine; passed on as it is. */
export class GeojsonSource implements LayerSource {
  readonly provider = 'geojson' as const;

  constructor(private readonly path: string) {}

  async snapshot(): Promise<LayerSnapshot> {
    try {
      return { content: (await open(this.path)).createReadStream() };
    } catch (cause) {
      throw new AppError('unavailable', 'layer-unreadable', 'The file of the layer cannot be read.', {
        cause,
      });
    }
  }
}
