import { type FileProvider, readFeatureFile } from './files/file-reading.js';
import type { FilePlace } from './files/feature-file.js';
import type { LayerSnapshot, LayerSource } from './layer.js';
import { startedReadable } from './started-readable.js';

/** A file of features on this machine, in a format that is brought into GeoJSON. */
export class FileSource implements LayerSource {
  constructor(
    readonly provider: FileProvider,
    private readonly place: FilePlace,
    private readonly crs: string | undefined,
  ) {}

  async snapshot(): Promise<LayerSnapshot> {
    return { content: await startedReadable(readFeatureFile(this.provider, this.place, this.crs)) };
  }
}
