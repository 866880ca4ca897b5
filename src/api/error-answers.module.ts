import { type ArgumentsHost, Catch, type ExceptionFilter, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import type { Request } from 'express';
import { EnvelopeFilter, GeoservicesModule, isGeoservicesPath } from './geoservices/index.js';
import { OgcProcessesModule, ProblemFilter } from './ogc-processes/index.js';

/** Every error of the whole service, in the form of the protocol whose path it happened on; else as a problem. */
@Catch()
class ErrorAnswers implements ExceptionFilter {
  constructor(
    private readonly problems: ProblemFilter,
    private readonly envelopes: EnvelopeFilter,
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const { path } = host.switchToHttp().getRequest<Request>();
    (isGeoservicesPath(path) ? this.envelopes : this.problems).catch(thrown, host);
  }
}

@Module({
  imports: [OgcProcessesModule, GeoservicesModule],
  providers: [{ provide: APP_FILTER, useClass: ErrorAnswers }],
})
export class ErrorAnswersModule {}
