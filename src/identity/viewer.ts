import type { Request } from 'express';

/** Who looks at a page, for its head; undefined where nobody signs in, or not by a page. */
export interface Viewer {
  user?: string;
  /** What a form sends back with what it changes. */
  csrf?: string;
}

export function viewerOf({ principal, session }: Request): Viewer | undefined {
  if (session) return { user: principal!.user, csrf: session.csrf };
  return principal ? undefined : {};
}
