import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { admit } from '../caller.js';
import { accessRuleOf, takesTokenInBody } from './access.js';

/** Holds every route to its rule, before anything of the request but its head is read. */
@Injectable()
export class AccessGuard implements CanActivate {
  /** Throws AppError `unauthenticated`, `forbidden`. */
  canActivate(context: ExecutionContext): true {
    const handler = context.getHandler();
    const rule = accessRuleOf(handler, context.getClass());
    if (!rule)
      throw new Error(`${context.getClass().name}.${handler.name} does not say who may use it: add @Access`);
    const request = context.switchToHttp().getRequest<Request>();
    request.accessRule = rule;
    // Who a form's token stands for is known when the form is.
    if (!takesTokenInBody(handler) || !hasBody(request)) admit(request);
    return true;
  }
}

const hasBody = ({ method, headers }: Request): boolean =>
  method === 'POST' &&
  (headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0);
