import { createParamDecorator, type ExecutionContext, Injectable, type NestMiddleware } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import type { Principal } from '../shared/principal.js';

declare module 'express' {
  interface Request {
    principal?: Principal;
  }
}

/** Open mode: everybody is the tenant `default`, with every scope. */
const ANYBODY: Principal = { tenant: 'default', user: 'anonymous', scopes: ['execute', 'read', 'admin'] };

/** Says who is calling, before anything else looks at the request. */
@Injectable()
export class IdentifyCaller implements NestMiddleware {
  use(request: Request, _response: Response, next: NextFunction): void {
    request.principal = ANYBODY;
    next();
  }
}

/** The caller, as a controller parameter: `@Caller() principal: Principal`. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  const { principal } = context.switchToHttp().getRequest<Request>();
  if (!principal) throw new Error('No caller was identified for this request');
  return principal;
});
