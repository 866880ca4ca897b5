import { Global, type MiddlewareConsumer, Module, type NestModule } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AccessGuard } from './access/access-guard.js';
import { IdentifyCaller } from './caller.js';
import { Credentials } from './credentials.js';
import { BearerJwts } from './issuers/bearer-jwts.js';
import { ApiKeys } from './keys/api-keys.js';
import { Sessions } from './sessions.js';
import { SignIn } from './sign-in.js';
import { Tenants } from './tenants/tenants.js';

/** Global for SignIn, which protocols need that carry tokens in their bodies. */
@Global()
@Module({
  providers: [
    SignIn,
    Sessions,
    Credentials,
    ApiKeys,
    BearerJwts,
    Tenants,
    { provide: APP_GUARD, useClass: AccessGuard },
  ],
  exports: [SignIn, Sessions, ApiKeys, Tenants],
})
export class IdentityModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(IdentifyCaller).forRoutes('{*path}');
  }
}
