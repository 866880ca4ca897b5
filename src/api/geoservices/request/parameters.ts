import type { Request } from 'express';
import { invalidInput } from '../../../shared/app-error.js';

/** Parameters of a request by their lower-cased names: of the query, and small ones of the body. */
export type Parameters = ReadonlyMap<string, string>;

const known = new WeakMap<Request, Parameters>();

/** What is known of a request's parameters so far: those of its query at least. */
export function parametersOf(request: Request): Parameters {
  return known.get(request) ?? queryParameters(request);
}

export function remember(request: Request, parameters: Parameters): Parameters {
  known.set(request, parameters);
  return parameters;
}

/** The query as it was sent, without its question mark. */
export function queryText({ originalUrl }: Request): string {
  const at = originalUrl.indexOf('?');
  return at < 0 ? '' : originalUrl.slice(at + 1);
}

export function queryParameters(request: Request): Map<string, string> {
  const found = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(queryText(request))) found.set(name.toLowerCase(), value);
  return found;
}

/** True for `true`, `True` and `1`; `absent` where nothing was sent. */
export function flag(parameters: Parameters, name: string, absent = false): boolean {
  const value = parameters.get(name)?.trim();
  return value === undefined || value === '' ? absent : /^(?:true|1)$/i.test(value);
}

/** A whole number of at most `most`; `absent` where nothing was sent. Throws AppError `invalid-input`. */
export function whole(parameters: Parameters, name: string, most: number, absent: number): number {
  const value = parameters.get(name)?.trim();
  if (value === undefined || value === '') return absent;
  if (/^\d{1,9}$/.test(value)) return Math.min(Number(value), most);
  throw invalidInput(`${name} must be a whole number.`);
}
