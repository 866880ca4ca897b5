import { type ArgumentsHost, Catch, type ExceptionFilter, Logger, NotFoundException } from '@nestjs/common';
import type { Request, Response } from 'express';
import { CONTENT_CODINGS } from '../../../execution-adapter/index.js';
import { AppError } from '../../../shared/app-error.js';
import { allowedMethods } from './allowed-methods.js';
import { answerEarly } from '../../../execution-adapter/index.js';
import { problemMediaType } from './problem-media-type.js';
import { type Problem, retryAfter, toAppError, toProblem } from './problem.js';

/** Every error of the whole service that no other protocol answers, as a problem document. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly log = new Logger(ProblemFilter.name);

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
    const allow = thrown instanceof NotFoundException ? allowedMethods(request) : [];
    const problem =
      allow.length > 0 ? methodNotAllowed(request, allow, response) : toProblem(error, request.id);
    send(request, response, problem, error);
  }
}

function methodNotAllowed(
  { method, id }: Request & { id?: string },
  allow: string[],
  response: Response,
): Problem {
  response.setHeader('allow', allow.join(', '));
  return {
    type: 'urn:honua:problem:method-not-allowed',
    title: 'Method not allowed',
    status: 405,
    detail: `${method} is not among the methods of this resource: ${allow.join(', ')}.`,
    code: 'method-not-allowed',
    ...(id && { requestId: id }),
  };
}

function send(request: Request, response: Response, problem: Problem, error: AppError): void {
  const seconds = retryAfter(error);
  if (seconds !== undefined) response.setHeader('retry-after', String(Math.max(1, Math.ceil(seconds))));
  // What the 415 is about when the encoding was refused (RFC 9110 §15.5.16).
  if (problem.status === 415)
    response.setHeader('accept-encoding', CONTENT_CODINGS).setHeader('accept-post', 'application/json');
  const body = Buffer.from(JSON.stringify(problem));
  response.status(problem.status);
  for (const name of ['etag', 'link', 'location', 'preference-applied']) response.removeHeader(name);
  response.setHeader('content-type', problemMediaType(request.headers.accept));
  response.setHeader('content-length', body.length);
  answerEarly(request, response, body);
}
