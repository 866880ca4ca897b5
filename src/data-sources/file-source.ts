import type { Readable } from 'node:stream';
import type { FilePlace } from './files/feature-file.js';
import { readFeatureFile, readFileFacts } from './files/file-reading.js';
import type { FileProvider, LayerFacts, LayerReading, LayerSource } from './layer.js';
import { startedReadable } from './started-readable.js';

/** A file of features on this machine, brought into GeoJSON. */
export class FileSource implements LayerSource {
  constructor(
    readonly provider: FileProvider,
    private readonly place: FilePlace,
    private readonly crs: string | undefined,
  ) {}

  read(reading: LayerReading = {}): Promise<Readable> {
    return startedReadable(readFeatureFile({ ...this.file, reading }));
  }

  facts(): Promise<LayerFacts> {
    return readFileFacts(this.file);
  }

  private get file(): { provider: FileProvider; place: FilePlace; crs: string | undefined } {
    const { provider, place, crs } = this;
    return { provider, place, crs };
  }
}
