import { Global, type MiddlewareConsumer, Module, type NestModule } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AccessGuard } from './access/access-guard.js';
import { IdentifyCaller } from './caller.js';
import { SignIn } from './sign-in.js';
import { Tenants } from './tenants/tenants.js';

/** Global for SignIn, which protocols need that carry tokens in their bodies. */
@Global()
@Module({
  providers: [SignIn, Tenants, { provide: APP_GUARD, useClass: AccessGuard }],
  exports: [SignIn, Tenants],
})
export class IdentityModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(IdentifyCaller).forRoutes('{*path}');
  }
}
