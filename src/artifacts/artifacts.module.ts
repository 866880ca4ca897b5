import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Global, Module } from '@nestjs/common';
import { CONFIG, type HonuaConfig } from '../config/index.js';
import { Database, serviceSecret } from '../database/index.js';
import { ArtifactLinks } from './artifact-links.js';
import { ArtifactStore } from './artifact-store.js';
import { LocalArtifactStore } from './local-artifact-store.js';

@Global()
@Module({
  providers: [
    {
      provide: ArtifactStore,
      inject: [CONFIG],
      useFactory: ({ processing }: HonuaConfig) =>
        new LocalArtifactStore(processing.artifactStore.folder ?? join(tmpdir(), 'honua-artifacts')),
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
  ],
  exports: [ArtifactStore, ArtifactLinks],
})
export class ArtifactsModule {}
