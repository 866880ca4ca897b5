import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { admit } from '../caller.js';
import { Sessions } from '../sessions.js';
import { type AccessRule, accessRuleOf, hasFormsOfOthers, takesTokenInBody } from './access.js';

const SAFE = ['GET', 'HEAD', 'OPTIONS'];

/** Holds every route to its rule, before anything of the request but its head is read. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(private readonly sessions: Sessions) {}

  /** Throws AppError `unauthenticated`, `forbidden`. */
  canActivate(context: ExecutionContext): true {
    const handler = context.getHandler();
    const rule = accessRuleOf(handler, context.getClass());
    if (!rule)
      throw new Error(`${context.getClass().name}.${handler.name} does not say who may use it: add @Access`);
    const request = context.switchToHttp().getRequest<Request>();
    request.accessRule = rule;
    if (request.session) this.requireOwnPage(request, rule, handler);
    // Who a form's token stands for is known when the form is.
    if (!takesTokenInBody(handler) || !hasBody(request)) admit(request);
    return true;
  }

  /**
   * A browser sends the cookie with whatever another site makes it ask for. Where every method means the same, a GET
   * changes as much as a POST; such forms are plain HTML, whose origin says enough.
   */
  private requireOwnPage(request: Request, { scope }: AccessRule, handler: object): void {
    if (scope === 'anybody') return;
    const safe = SAFE.includes(request.method);
    if (takesTokenInBody(handler)) {
      if (scope === 'execute' || !safe) this.sessions.requireOwnOrigin(request);
    } else if (!safe && hasFormsOfOthers(handler)) this.sessions.requireOwnOrigin(request);
    else if (!safe) this.sessions.requireOwnPage(request);
  }
}

const hasBody = ({ method, headers }: Request): boolean =>
  method === 'POST' &&
  (headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0);
