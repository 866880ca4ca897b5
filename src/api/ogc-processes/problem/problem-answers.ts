import { Injectable, NotFoundException } from '@nestjs/common';
import type { Request, Response } from 'express';
import { viewerOf } from '../../../identity/index.js';
import { pageHeaders, renderPage } from '../../../pages/index.js';
import type { AppError } from '../../../shared/app-error.js';
import { problemAsPage } from '../negotiation/form.js';
import { PageMaker } from '../negotiation/page-maker.js';
import { problemPage } from '../pages/problem.page.js';
import { allowedMethods } from './allowed-methods.js';
import { answerEarly, CONTENT_CODINGS } from '../../../execution-adapter/index.js';
import { problemMediaType } from './problem-media-type.js';
import { type Problem, toProblem } from './problem.js';

/** Errors of whatever no other protocol answers, as a problem document, or as a page for people. */
@Injectable()
export class ProblemAnswers {
  constructor(private readonly pages: PageMaker) {}

  answer(error: AppError, request: Request & { id?: string }, response: Response): void {
    const allow = error.cause instanceof NotFoundException ? allowedMethods(request) : [];
    const problem =
      allow.length > 0 ? methodNotAllowed(request, allow, response) : toProblem(error, request.id);
    // What the 415 is about when the encoding was refused (RFC 9110 §15.5.16).
    if (problem.status === 415)
      response.setHeader('accept-encoding', CONTENT_CODINGS).setHeader('accept-post', 'application/json');
    if (problem.status === 401) response.setHeader('www-authenticate', 'Bearer');
    response.status(problem.status);
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
    return renderPage({ ...frame, root, viewer: viewerOf(request) }, content);
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
