import { createParamDecorator, type ExecutionContext, Injectable, type NestMiddleware } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { AppError } from '../shared/app-error.js';
import type { Principal } from '../shared/principal.js';
import type { AccessRule } from './access/access.js';
import { Sessions } from './sessions.js';
import { SignIn } from './sign-in.js';

declare module 'express' {
  interface Request {
    principal?: Principal;
    /** There where the caller is known by the cookie of a page alone. */
    session?: { csrf: string };
    tokenRefused?: boolean;
    accessRule?: AccessRule;
  }
}

/** Headers that may carry a token; the second is for clients that must leave the first to a proxy. */
const BEARER_HEADERS = ['authorization', 'x-esri-authorization'];

/** Says who is calling by what the head of a request shows, before anything else looks at it. */
@Injectable()
export class IdentifyCaller implements NestMiddleware {
  constructor(
    private readonly signIn: SignIn,
    private readonly sessions: Sessions,
  ) {}

  async use(request: Request, _response: Response, next: NextFunction): Promise<void> {
    const shown = credentialOf(request);
    if (shown === undefined && !this.signIn.open) await this.sessions.identify(request);
    else await this.signIn.identify(request, shown);
    next();
  }
}

function credentialOf(request: Request): string | undefined {
  const bearers = BEARER_HEADERS.map((name) => /^Bearer\s+(\S+)$/i.exec(request.get(name) ?? '')?.[1]);
  return bearers.find(Boolean) ?? (request.get('x-api-key') || undefined) ?? queryToken(request);
}

function queryToken({ originalUrl }: Request): string | undefined {
  const at = originalUrl.indexOf('?');
  return at < 0 ? undefined : new URLSearchParams(originalUrl.slice(at)).get('token') || undefined;
}

/** Who is calling, as far as it was said until now. Throws AppError `unauthenticated`. */
export function callerOf({ principal, tokenRefused }: Request): Principal {
  if (principal) return principal;
  throw tokenRefused
    ? new AppError('unauthenticated', 'token-invalid', 'The token is not valid, or not any more.')
    : new AppError('unauthenticated', 'token-required', 'This needs a token.');
}

/** Holds the caller, as far as known until now, to the rule of the route. Throws AppError `unauthenticated`, `forbidden`. */
export function admit(request: Request): void {
  const scope = request.accessRule?.scope ?? 'anybody';
  if (scope === 'anybody' || callerOf(request).scopes.includes(scope)) return;
  throw new AppError('forbidden', 'scope-missing', `This needs the scope ${scope}.`);
}

/** The caller, as a controller parameter: `@Caller() principal: Principal`. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext): Principal =>
  callerOf(context.switchToHttp().getRequest<Request>()),
);
