import { type ArgumentsHost, Catch, type ExceptionFilter, Logger, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import type { Request, Response } from 'express';
import { BaseUrl } from '../execution-adapter/index.js';
import { EnvelopeAnswers, GeoservicesModule, isGeoservicesPath } from './geoservices/index.js';
import { tellQuota } from '../execution-adapter/index.js';
import { OgcProcessesModule, ProblemAnswers } from './ogc-processes/index.js';
import { wayToSignIn } from './sign-in/index.js';
import { retryAfter, toAppError } from './to-app-error.js';

/** Headers of an answer that was begun and is not given. */
const OF_SUCCESS = ['etag', 'link', 'location', 'preference-applied', 'content-length'];

/** Every error of the whole service, in the form of the protocol whose path it happened on; else as a problem. */
@Catch()
class ErrorAnswers implements ExceptionFilter {
  private readonly log = new Logger(ErrorAnswers.name);

  constructor(
    private readonly problems: ProblemAnswers,
    private readonly envelopes: EnvelopeAnswers,
    private readonly baseUrl: BaseUrl,
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<Request & { id?: string }>();
    const response = host.switchToHttp().getResponse<Response>();
    // Hung up: there is nobody to tell.
    if (response.destroyed || (request.destroyed && !request.complete)) return;
    const error = toAppError(thrown);
    if (error.kind === 'internal')
      this.log.error({ err: error.cause ?? error, requestId: request.id }, error.message);
    // Half an answer cannot be taken back; cutting it is how the client learns that it is not whole.
    if (response.headersSent) return void response.destroy();
    for (const name of OF_SUCCESS) response.removeHeader(name);
    const signIn = wayToSignIn(error, request, this.baseUrl.of(request));
    if (signIn !== undefined)
      return void response
        .status(303)
        .setHeader('cache-control', 'no-store')
        .setHeader('location', signIn)
        .end();
    const seconds = retryAfter(error);
    if (seconds !== undefined) response.setHeader('retry-after', String(seconds));
    if (error.quota) tellQuota(response, error.quota);
    (isGeoservicesPath(request.path) ? this.envelopes : this.problems).answer(error, request, response);
  }
}

@Module({
  imports: [OgcProcessesModule, GeoservicesModule],
  providers: [BaseUrl, { provide: APP_FILTER, useClass: ErrorAnswers }],
})
export class ErrorAnswersModule {}
