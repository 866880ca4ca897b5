import { type MiddlewareConsumer, Module, type NestModule } from '@nestjs/common';
import { IdentifyCaller } from './caller.js';

@Module({})
export class IdentityModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(IdentifyCaller).forRoutes('{*path}');
  }
}
