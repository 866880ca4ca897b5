import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { pipeline, type Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

export interface StreamPost {
  headers: Record<string, string>;
  body: Readable;
  signal: AbortSignal;
}

/**
 * A POST whose body is sent as it is read; fetch would keep in memory all that was sent until its end. The answer is read
 * whole, and taken also where it comes before the end of the body: the rest is not sent then.
 */
export function postStream(url: string, { headers, body, signal }: StreamPost): Promise<Response> {
  const request = url.startsWith('https:') ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method: 'POST', headers, signal });
    let answered = false;
    outgoing.once('response', (incoming) => {
      answered = true;
      const { statusCode: status, statusMessage: statusText } = incoming;
      text(incoming)
        .then((told) =>
          resolve(new Response(told || null, { status, statusText, headers: headersOf(incoming.headers) })),
        )
        .catch(reject)
        .finally(() => body.destroy());
    });
    pipeline(body, outgoing, (error) => {
      // What breaks after an answer was to be expected: nobody reads on.
      if (error && !answered) reject(error);
    });
  });
}

const headersOf = (headers: NodeJS.Dict<string | string[]>): Headers =>
  new Headers(
    Object.entries(headers).flatMap(([name, value]) =>
      [value ?? []].flat().map((one): [string, string] => [name, one]),
    ),
  );
