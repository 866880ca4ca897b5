import { Global, Module } from '@nestjs/common';
import { Connections } from './connections.js';
import { DeclaredLayers } from './declared-layers.js';
import { Layers } from './layers.js';

/** Needs the migrated database. */
@Global()
@Module({ providers: [Connections, DeclaredLayers, Layers], exports: [Connections, DeclaredLayers, Layers] })
export class DataSourcesModule {}
