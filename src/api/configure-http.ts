import type { NestExpressApplication } from '@nestjs/platform-express';
import helmet from 'helmet';
import type { HonuaConfig } from '../config/index.js';
import { compressAnswers } from './compress-answers.js';
import { withGeoservices } from './geoservices/index.js';
import { serveOpenApi } from './ogc-processes/index.js';

/** Headers that a page of another origin may read. */
const EXPOSED = [
  'location',
  'link',
  'preference-applied',
  'retry-after',
  'x-request-id',
  'content-range',
  'etag',
];
const PREFLIGHT_SECONDS = 86_400;

/** What holds for every route: who may call from a page, what a browser may do with an answer, and the documents. */
export function configureHttp(app: NestExpressApplication, { server }: HonuaConfig): void {
  app.set('trust proxy', server.trustedProxies);
  // An ETag is a version or a stored hash that we know; one made of a reply's bytes would name neither.
  app.set('etag', false);
  app.use(compressAnswers(server.compressAbove));
  const encrypted = server.publicUrl?.startsWith('https:') ?? false;
  app.use(
    helmet({
      // Both would send a browser from plain HTTP to HTTPS, which only a proxy before us can speak.
      strictTransportSecurity: encrypted,
      contentSecurityPolicy: { directives: { upgradeInsecureRequests: encrypted ? [] : null } },
      // The answers are open data: a map of another origin may load them.
      crossOriginResourcePolicy: { policy: 'cross-origin' },
    }),
  );
  app.enableCors({ origin: '*', exposedHeaders: EXPOSED, maxAge: PREFLIGHT_SECONDS });
  serveOpenApi(app, withGeoservices);
}
