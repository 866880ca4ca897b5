import { type ArgumentsHost, Catch, type ExceptionFilter, Logger, NotFoundException } from '@nestjs/common';
import type { Request, Response } from 'express';
import { pageHeaders, renderPage } from '../../../pages/index.js';
import { AppError } from '../../../shared/app-error.js';
import { problemAsPage } from '../negotiation/form.js';
import { PageMaker } from '../negotiation/page-maker.js';
import { problemPage } from '../pages/problem.page.js';
import { allowedMethods } from './allowed-methods.js';
import { answerEarly, CONTENT_CODINGS } from '../../../execution-adapter/index.js';
import { problemMediaType } from './problem-media-type.js';
import { type Problem, retryAfter, toAppError, toProblem } from './problem.js';

/** Every error of the whole service that no other protocol answers, as a problem document, or as a page for people. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly log = new Logger(ProblemFilter.name);

  constructor(private readonly pages: PageMaker) {}

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
    setHeaders(response, problem, error);
    answerEarly(request, response, this.body(request, response, problem));
  }

  /** The body, with its type and length set. */
  private body(request: Request, response: Response, problem: Problem): Buffer {
    const asPage = problemAsPage(request);
    response.vary('accept');
    if (asPage) pageHeaders(response);
    else response.setHeader('content-type', problemMediaType(request.headers.accept));
    const body = Buffer.from(asPage ? this.page(request, problem) : JSON.stringify(problem));
    response.setHeader('content-length', body.length);
    return body;
  }

  private page(request: Request, problem: Problem): string {
    const { root } = this.pages.contextOf(request);
    const { frame, content } = problemPage(problem, root);
    return renderPage({ ...frame, root }, content);
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

function setHeaders(response: Response, problem: Problem, error: AppError): void {
  const seconds = retryAfter(error);
  if (seconds !== undefined) response.setHeader('retry-after', String(Math.max(1, Math.ceil(seconds))));
  // What the 415 is about when the encoding was refused (RFC 9110 §15.5.16).
  if (problem.status === 415)
    response.setHeader('accept-encoding', CONTENT_CODINGS).setHeader('accept-post', 'application/json');
  response.status(problem.status);
  for (const name of ['etag', 'link', 'location', 'preference-applied']) response.removeHeader(name);
}
