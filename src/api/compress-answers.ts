import compression from 'compression';
import type { Request, RequestHandler, Response } from 'express';

/** JSON of every kind, GeoJSON, pages, plain values, several parts in one; never a stream of events. */
const COMPRESSIBLE =
  /^(?:application\/(?:[\w.-]+\+)?json|multipart\/related|text\/(?!event-stream)|image\/svg\+xml|[\w/]*javascript)/;

/**
 * Compression by Accept-Encoding, off the main thread. Stored results that are read in ranges are left as they are: their
 * ETag and ranges are those of the bytes stored.
 */
export function compressAnswers(aboveBytes: number): RequestHandler {
  return compression({
    threshold: aboveBytes,
    filter: (_request: Request, response: Response) => {
      const type = response.getHeader('content-type');
      return (
        typeof type === 'string' &&
        COMPRESSIBLE.test(type) &&
        response.getHeader('accept-ranges') === undefined
      );
    },
  });
}
