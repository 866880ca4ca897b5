import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { openRequest } from './open-connection.js';
import { OutboundError } from './outbound-error.js';
import { resolveByDns, resolveBySystem, type ResolveName } from './resolve-name.js';
import { judgeTarget, type OutboundPolicy } from './target-policy.js';

export interface OutboundRequest {
  method: 'GET' | 'POST';
  headers?: Record<string, string>;
  body?: Uint8Array;
  /** Of the answer's body. */
  maxBytes: number;
  /** For everything, to the last byte of the answer. */
  timeoutMs: number;
  signal?: AbortSignal;
}

export interface OutboundAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  /** At most `maxBytes`; fails with OutboundError. Read it or destroy it. */
  body: Readable;
}

export interface OutboundSettings extends OutboundPolicy {
  connectTimeoutMs: number;
}

const MAX_HEADER_BYTES = 16_384;

/**
 * The only way this service calls out. It calls URLs that strangers gave: so http and https alone, public addresses alone
 * (but for the operator's list), no redirect, no proxy, no credentials, and a limit on everything.
 */
export class OutboundHttp {
  constructor(
    private readonly settings: OutboundSettings,
    private readonly resolve: { stranger: ResolveName; trusted: ResolveName } = {
      stranger: resolveByDns,
      trusted: resolveBySystem,
    },
  ) {}

  /** What can be said of a URL without calling anybody. Throws OutboundError `refused`. */
  check(url: string): void {
    judgeTarget(url, this.settings);
  }

  /** Resolves with any answer that is no redirect, whatever its status. Throws OutboundError. */
  async call(url: string, request: OutboundRequest): Promise<OutboundAnswer> {
    const target = judgeTarget(url, this.settings);
    const limit = new AbortController();
    const stop = (error: OutboundError): void => limit.abort(error);
    const timer = setTimeout(() => stop(timedOut()), request.timeoutMs);
    const hangup = (): void => stop(new OutboundError('unreachable', 'The call was given up.'));
    request.signal?.addEventListener('abort', hangup, { once: true });
    const done = (): void => {
      clearTimeout(timer);
      request.signal?.removeEventListener('abort', hangup);
    };
    try {
      if (request.signal?.aborted) hangup();
      limit.signal.throwIfAborted();
      const response = await this.respond(target, request, limit);
      response.once('close', done);
      if (isRedirect(response)) throw leave(response, redirected());
      const encoding = response.headers['content-encoding'];
      if (encoding && encoding !== 'identity')
        throw leave(response, new OutboundError('unreachable', 'The answer came in an encoding.'));
      if (Number(response.headers['content-length'] ?? 0) > request.maxBytes)
        throw leave(response, tooLarge(request.maxBytes));
      const body = Readable.from(capped(response, request.maxBytes, limit.signal), { objectMode: false });
      // Whoever leaves the body alone must not keep the connection.
      body.once('close', () => response.destroy());
      return { status: response.statusCode!, headers: response.headers, body };
    } catch (error) {
      done();
      throw asOutbound(error, limit.signal);
    }
  }

  private respond(
    target: ReturnType<typeof judgeTarget>,
    { method, headers, body }: OutboundRequest,
    limit: AbortController,
  ): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const connecting = setTimeout(() => limit.abort(timedOut()), this.settings.connectTimeoutMs);
      const request = openRequest(target, target.trusted ? this.resolve.trusted : this.resolve.stranger, {
        method,
        headers: {
          'user-agent': 'honua-geoprocessing',
          'accept-encoding': 'identity',
          ...headers,
          ...(body && { 'content-length': String(body.byteLength) }),
        },
        maxHeaderSize: MAX_HEADER_BYTES,
        signal: limit.signal,
      });
      request.once('socket', (socket) =>
        socket.once(target.url.protocol === 'https:' ? 'secureConnect' : 'connect', () =>
          clearTimeout(connecting),
        ),
      );
      request.once('close', () => clearTimeout(connecting));
      request.once('response', resolve);
      request.on('error', reject);
      request.end(body);
    });
  }
}

async function* capped(
  response: IncomingMessage,
  maxBytes: number,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  let size = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > maxBytes) throw tooLarge(maxBytes);
      yield chunk;
    }
  } catch (error) {
    throw asOutbound(error, signal);
  }
}

const isRedirect = ({ statusCode }: IncomingMessage): boolean => statusCode! >= 300 && statusCode! < 400;

const redirected = (): OutboundError =>
  new OutboundError('redirected', 'It answered with a redirect, and redirects are not followed.');
const timedOut = (): OutboundError => new OutboundError('timeout', 'It did not answer in time.');
const tooLarge = (maxBytes: number): OutboundError =>
  new OutboundError('too-large', `The answer has more than ${maxBytes} bytes.`);

/** Closes the connection under an answer that nobody will read. */
function leave(response: IncomingMessage, error: OutboundError): OutboundError {
  response.on('error', () => {}).destroy();
  return error;
}

/** Why an abort happened is what counts; the texts of the network's own errors name addresses. */
function asOutbound(error: unknown, signal: AbortSignal): OutboundError {
  if (signal.aborted && signal.reason instanceof OutboundError) return signal.reason;
  if (error instanceof OutboundError) return error;
  return new OutboundError('unreachable', 'No whole answer came from this host.', error);
}
