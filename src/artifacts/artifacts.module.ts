import { Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import { CONFIG, type HonuaConfig } from '../config/index.js';
import { Database, serviceSecret } from '../database/index.js';
import { ArtifactLinks } from './artifact-links.js';
import { ArtifactStore } from './artifact-store.js';
import { makeStore } from './make-store.js';
import { UploadParts } from './upload-parts.js';
import { Uploads } from './uploads.js';

@Global()
@Module({
  providers: [
    {
      provide: ArtifactStore,
      inject: [CONFIG],
      useFactory: makeStore,
    },
    {
      provide: ArtifactLinks,
      inject: [CONFIG, Database],
      useFactory: async ({ processing }: HonuaConfig, database: Database) =>
        new ArtifactLinks(
          await serviceSecret(database, 'artifact-links'),
          processing.artifactStore.defaultExpiry,
        ),
    },
    {
      provide: Uploads,
      inject: [CONFIG, Database, ArtifactStore],
      useFactory: ({ limits, uploads }: HonuaConfig, database: Database, store: ArtifactStore) =>
        new Uploads(database, store, {
          maxBytes: limits.maxArtifactSizeBytes,
          maxCount: uploads.maxPerTenant,
          maxTotalBytes: uploads.maxBytesPerTenant,
          expiryMs: uploads.expiry,
        }),
    },
    {
      provide: UploadParts,
      inject: [CONFIG, Database, ArtifactStore, Uploads],
      // oxlint-disable-next-line max-params -- what is injected, not what a caller must know
      useFactory: ({ limits }: HonuaConfig, database: Database, store: ArtifactStore, uploads: Uploads) =>
        new UploadParts(database, store, uploads, limits.maxArtifactSizeBytes),
    },
  ],
  exports: [ArtifactStore, ArtifactLinks, Uploads, UploadParts],
})
export class ArtifactsModule implements OnApplicationShutdown {
  constructor(private readonly store: ArtifactStore) {}

  /** When nobody asks for anything any more. */
  onApplicationShutdown(): void {
    this.store.close();
  }
}
