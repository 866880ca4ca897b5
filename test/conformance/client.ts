import { expect } from 'vitest';
import { jobUrl, post, untilFinished } from '../support/ogc-client.js';
import { expectValid } from './standard-schemas.js';

export interface Link {
  rel: string;
  href: string;
  type: string;
}

export const REL = 'http://www.opengis.net/def/rel/ogc/1.0';
export const EXCEPTION = 'http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0';

/** A 200 of JSON, or the test fails. */
export async function getJson<Body = Record<string, any>>(url: string): Promise<Body> {
  const reply = await fetch(url, { headers: { accept: 'application/json' } });
  expect(reply.status).toBe(200);
  expect(reply.headers.get('content-type')).toMatch(/^application\/json/);
  return (await reply.json()) as Body;
}

export const follow = (links: Link[], rel: string): string => {
  const link = links.find((candidate) => candidate.rel === rel);
  expect(link, `a link ${rel}`).toBeDefined();
  return link!.href;
};

/** Expects a problem document of this status and type. */
export async function expectException(
  reply: Response,
  status: number,
  type: string,
): Promise<Record<string, any>> {
  expect(reply.status).toBe(status);
  const problem = (await reply.json()) as Record<string, any>;
  expectValid('exception', problem);
  expect(problem.type).toBe(type);
  return problem;
}

/** The same request answered at once, and the results of the job it makes. */
export async function syncAndAsync(
  url: string,
  process: string,
  body: object,
): Promise<[Response, Response]> {
  const sync = await post(url, process, body);
  const accepted = await post(url, process, body, { prefer: 'respond-async' });
  expect(accepted.status).toBe(201);
  const job = jobUrl(url, accepted);
  expect((await untilFinished(job)).status).toBe('successful');
  return [sync, await fetch(`${job}/results`)];
}

export interface Part {
  headers: Record<string, string>;
  body: string;
}

/** The parts of a multipart/related answer (RFC 2387). */
export async function partsOf(reply: Response): Promise<Part[]> {
  const type = reply.headers.get('content-type')!;
  expect(type).toMatch(/^multipart\/related;/);
  const boundary = /boundary="([^"]+)"/.exec(type)![1]!;
  const pieces = (await reply.text()).split(`--${boundary}`);
  expect(pieces[0]).toBe('');
  expect(pieces.at(-1)!.trim()).toBe('--');
  return pieces.slice(1, -1).map((piece) => {
    const [head, ...body] = piece.replace(/^\r\n/, '').replace(/\r\n$/, '').split('\r\n\r\n');
    const headers = head!.split('\r\n').map((line) => {
      const at = line.indexOf(':');
      return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()];
    });
    return { headers: Object.fromEntries(headers) as Record<string, string>, body: body.join('\r\n\r\n') };
  });
}

/** The links of a Link header, `rel` unquoted. */
export function headerLinks(reply: Response): { href: string; rel: string }[] {
  const header = reply.headers.get('link') ?? '';
  return [...header.matchAll(/<([^>]+)>; rel="([^"]+)"/g)].map(([, href, rel]) => ({
    href: href!,
    rel: rel!,
  }));
}
