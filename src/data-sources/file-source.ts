import type { Readable } from 'node:stream';
import { AppError } from '../shared/app-error.js';
import type { FilePlace } from './files/feature-file.js';
import { readFeatureFile, readFileFacts } from './files/file-reading.js';
import { placeWithin } from './layer-folders.js';
import type { FileProvider, LayerFacts, LayerReading, LayerSource } from './layer.js';
import { startedReadable } from './started-readable.js';

interface FileRules {
  /** What the file does not say, or says wrongly. */
  crs?: string;
  /** Where the file has to be; absent: anywhere. */
  folders?: string[];
}

/** A file of features on this machine, brought into GeoJSON. */
export class FileSource implements LayerSource {
  constructor(
    readonly provider: FileProvider,
    private readonly place: FilePlace,
    private readonly rules: FileRules,
  ) {}

  async read(reading: LayerReading = {}): Promise<Readable> {
    return startedReadable(readFeatureFile({ ...(await this.file()), reading }));
  }

  async facts(): Promise<LayerFacts> {
    return readFileFacts(await this.file());
  }

  /** Looked for each time: what a link points to may have changed since it was declared. */
  private async file(): Promise<{ provider: FileProvider; place: FilePlace; crs: string | undefined }> {
    const { provider, place, rules } = this;
    const path = rules.folders ? await placeWithin(place.path, rules.folders) : place.path;
    if (path === undefined)
      throw new AppError(
        'unavailable',
        'layer-unreadable',
        'The file of the layer is not where it may be read.',
      );
    return { provider, place: { ...place, path }, crs: rules.crs };
  }
}
