import { Module } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import { CONFIG, type HonuaConfig } from '../config/index.js';
import { logOptions } from './log-options.js';

/** Structured logs: one JSON object a line, each with the request's id and, once known, the run's. */
@Module({
  imports: [
    LoggerModule.forRootAsync({
      inject: [CONFIG],
      useFactory: ({ server }: HonuaConfig) => ({
        pinoHttp: logOptions(server.logLevel),
        // What a handler adds, such as the run's id, is on the request's closing line too.
        assignResponse: true,
      }),
    }),
  ],
  exports: [LoggerModule],
})
export class TelemetryModule {}
