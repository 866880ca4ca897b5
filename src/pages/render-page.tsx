import type { Response } from 'express';
import type { ComponentChildren } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { Layout } from './layout.js';
import type { PageFrame } from './page-frame.js';

export const HTML_TYPE = 'text/html';

/** Nothing but what this service serves itself: no inline script or style, no frame, no other host. */
export const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** A page as text. Whatever stands in braces in a template is escaped: as text, or as an attribute. */
export const renderPage = (frame: PageFrame, content: ComponentChildren): string =>
  `<!doctype html>\n${renderToString(<Layout frame={frame}>{content}</Layout>)}\n`;

/** The headers that belong to every page. */
export function pageHeaders(response: Response): void {
  response.setHeader('content-type', `${HTML_TYPE}; charset=utf-8`);
  response.setHeader('content-security-policy', PAGE_POLICY);
  response.setHeader('referrer-policy', 'same-origin');
}
