import type { Request, Response } from 'express';

/** A body this small is read away and the connection kept. */
const SMALL_BYTES = 1024 * 1024;
/** How long a sender may go on after its answer. */
const LINGER_MS = 10_000;

/**
 * Ends an exchange whose request body was not read. The whole answer goes out first; then the rest of the body is read
 * away for a while, because closing under a sender destroys the answer on its way (RFC 9112 §9.6).
 */
export function answerEarly(request: Request, response: Response, body: Buffer): void {
  const { 'content-length': length, 'transfer-encoding': coding } = request.headers;
  if (request.complete || (coding === undefined && Number(length ?? 0) <= SMALL_BYTES)) {
    request.resume();
    response.end(body);
    return;
  }
  response.setHeader('connection', 'close');
  if (request.method === 'HEAD') response.flushHeaders();
  else response.write(body);
  const end = (): void => {
    clearTimeout(limit);
    request.off('end', end).off('close', end).off('error', end);
    response.end();
  };
  const limit = setTimeout(end, LINGER_MS);
  request.once('end', end).once('close', end).once('error', end);
  request.resume();
}
