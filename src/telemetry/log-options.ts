import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Options } from 'pino-http';

const REQUEST_ID = /^[\w.:-]{1,128}$/;
const REMOVED = '[removed]';

/** Members that carry a secret, wherever in a logged object they stand (two levels deep). */
const SECRET_MEMBERS = [
  'authorization',
  'cookie',
  'bootstrapKey',
  'apiKey',
  'api_key',
  '["x-api-key"]',
  'password',
  'token',
];

/** Puts no credential into a log: query parameters that are one, and the token of an artifact link. */
export const withoutSecrets = (url: string): string =>
  url
    .replace(/([?&](?:token|api[_-]?key|access_token|signature)=)[^&#]*/gi, `$1${REMOVED}`)
    .replace(/honua_[0-9a-f]{12}_[\w-]+/g, REMOVED)
    .replace(/(\/artifacts\/)[^/?#]+/, `$1${REMOVED}`);

/** The caller's id for a request where it is a sane one, so that logs of both sides meet; else a new one. */
export function requestId(request: IncomingMessage, response: ServerResponse): string {
  const sent = request.headers['x-request-id'];
  const id = typeof sent === 'string' && REQUEST_ID.test(sent) ? sent : randomUUID();
  response.setHeader('x-request-id', id);
  return id;
}

/** One line per finished request; probes only at debug, so that they do not drown the rest. */
export function logOptions(level: string): Options {
  return {
    level,
    genReqId: requestId,
    redact: {
      paths: SECRET_MEMBERS.flatMap((name) =>
        name.startsWith('[') ? [name, `*${name}`] : [name, `*.${name}`],
      ),
      censor: REMOVED,
    },
    serializers: {
      req: (request: { id: unknown; method: string; url: string }) => ({
        id: request.id,
        method: request.method,
        url: withoutSecrets(request.url),
      }),
      res: (response: { statusCode: number | null }) => ({ status: response.statusCode }),
    },
    // For a 5xx that nobody threw it makes up an error, whose stack tells nothing.
    customErrorObject: (_request, response, _error, line: object) =>
      response.err ? line : { ...line, err: undefined },
    customLogLevel: (request, response, error) => {
      if (error || response.statusCode >= 500) return 'error';
      return request.url?.startsWith('/health/') ? 'debug' : 'info';
    },
  };
}
