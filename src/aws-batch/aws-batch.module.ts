import { type DynamicModule, Module, type OnApplicationShutdown } from '@nestjs/common';
import { AwsBatch, type AwsBatchSettings } from './aws-batch.js';

/** Gives AwsBatch to everybody. It calls, and loads, nothing of AWS before it is asked for something. */
@Module({})
export class AwsBatchModule implements OnApplicationShutdown {
  constructor(private readonly batch: AwsBatch) {}

  /** Settings as a factory makes them from what it has injected. */
  static with(
    settingsOf: (...injected: never[]) => AwsBatchSettings,
    inject: (string | symbol | (new (...args: never) => unknown))[] = [],
  ): DynamicModule {
    const useFactory = (...injected: never[]): AwsBatch => new AwsBatch(settingsOf(...injected));
    return {
      module: AwsBatchModule,
      global: true,
      providers: [{ provide: AwsBatch, inject, useFactory }],
      exports: [AwsBatch],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.batch.close();
  }
}
