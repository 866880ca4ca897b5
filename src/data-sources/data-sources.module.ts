import { Global, Module } from '@nestjs/common';
import { Layers } from './layers.js';

/** Needs the migrated database. */
@Global()
@Module({ providers: [Layers], exports: [Layers] })
export class DataSourcesModule {}
