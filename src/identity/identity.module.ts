import { Global, type MiddlewareConsumer, Module, type NestModule } from '@nestjs/common';
import { IdentifyCaller } from './caller.js';
import { SignIn } from './sign-in.js';

/** Global for SignIn, which protocols need that carry tokens in their bodies. */
@Global()
@Module({ providers: [SignIn], exports: [SignIn] })
export class IdentityModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(IdentifyCaller).forRoutes('{*path}');
  }
}
