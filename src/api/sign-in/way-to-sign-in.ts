import type { Request } from 'express';
import type { AppError } from '../../shared/app-error.js';

/** Where a person goes who must sign in first, and comes back from; undefined for a program, which is told the error. */
export function wayToSignIn(error: AppError, request: Request, base: string): string | undefined {
  const looks =
    request.method === 'GET' && request.accepts(['application/json', 'text/html']) === 'text/html';
  const { f } = request.query;
  if (error.kind !== 'unauthenticated' || !looks || (f !== undefined && f !== 'html')) return undefined;
  return `${base}/sign-in?${new URLSearchParams({ to: request.originalUrl }).toString()}`;
}

/** A place of this service to go on to, whatever somebody wrote into a link. */
export function placeToGoOn(to: string | undefined, base: string): string {
  const root = `${base}/`;
  // A browser reads `//host` and `/\host` as another host's address.
  if (to === undefined || !/^\/(?![/\\])[\x21-\x7e]*$/.test(to) || to.includes('\\')) return root;
  const url = new URL(to, root);
  return url.origin === new URL(root).origin ? new URL(base).pathname.replace(/\/$/, '') + to : root;
}
