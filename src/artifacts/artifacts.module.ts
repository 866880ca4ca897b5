import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Global, Module } from '@nestjs/common';
import { CONFIG, type HonuaConfig } from '../config/index.js';
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
  ],
  exports: [ArtifactStore],
})
export class ArtifactsModule {}
