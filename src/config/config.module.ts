import { type DynamicModule, Global, Module } from '@nestjs/common';
import type { HonuaConfig } from './schema.js';

/** Injection token of the validated configuration: `@Inject(CONFIG) config: HonuaConfig`. */
export const CONFIG = Symbol('HonuaConfig');

@Global()
@Module({})
export class ConfigModule {
  static with(config: HonuaConfig): DynamicModule {
    return { module: ConfigModule, providers: [{ provide: CONFIG, useValue: config }], exports: [CONFIG] };
  }
}
