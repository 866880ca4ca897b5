import { Global, Module } from '@nestjs/common';
import { CONFIG, type HonuaConfig } from '../config/index.js';
import { OutboundHttp } from './outbound-http.js';

/** Global: whoever calls out does it through this. */
@Global()
@Module({
  providers: [
    {
      provide: OutboundHttp,
      inject: [CONFIG],
      useFactory: ({ outbound }: HonuaConfig) =>
        new OutboundHttp({ ...outbound, connectTimeoutMs: outbound.connectTimeout }),
    },
  ],
  exports: [OutboundHttp],
})
export class OutboundHttpModule {}
