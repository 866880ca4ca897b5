import { type ArgumentsHost, Catch, type ExceptionFilter, Injectable, Logger } from '@nestjs/common';
import type { Request, Response } from 'express';
import { answerEarly, BaseUrl } from '../../../execution-adapter/index.js';
import { errorForm } from '../answer/answer-form.js';
import { written } from '../answer/answers.js';
import { parametersOf } from '../request/parameters.js';
import { errorPage } from '../directory/error-page.js';
import { type ErrorEnvelope, toAppError, toEnvelope } from './envelope.js';

/** Whether a path is of this protocol, also where nothing is. */
export const isGeoservicesPath = (path: string): boolean => /^\/(?:arcgis|rest)(?:\/|$)/i.test(path);

/** Every error below the paths of this protocol: Esri's envelope in an HTTP 200, since clients lose it in others. */
@Catch()
@Injectable()
export class EnvelopeFilter implements ExceptionFilter {
  private readonly log = new Logger(EnvelopeFilter.name);

  constructor(private readonly baseUrl: BaseUrl) {}

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
    if (error.retryAfterSeconds !== undefined)
      response.setHeader('retry-after', String(Math.max(1, Math.ceil(error.retryAfterSeconds))));
    this.send(request, response, toEnvelope(error, request.id));
  }

  private send(request: Request, response: Response, envelope: ErrorEnvelope): void {
    const form = errorForm(request, parametersOf(request));
    for (const name of ['etag', 'link', 'location', 'content-length']) response.removeHeader(name);
    response.status(200).setHeader('cache-control', 'no-store');
    if (form.format === 'html') {
      const page = Buffer.from(errorPage(response, this.baseUrl.of(request), envelope));
      response.setHeader('content-length', page.length);
      return answerEarly(request, response, page);
    }
    const { contentType, text } = written(form, envelope);
    const body = Buffer.from(text);
    response.setHeader('content-type', contentType).setHeader('content-length', body.length);
    answerEarly(request, response, body);
  }
}
