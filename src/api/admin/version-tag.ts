import type { Request, Response } from 'express';
import { invalidInput } from '../../shared/app-error.js';

/** A version as a strong validator (RFC 9110 §8.8.3). */
export const tagOf = (version: number): string => `"${version}"`;

export const sendTag = (response: Response, version: number): void => {
  response.setHeader('etag', tagOf(version));
};

/** The version that a request is about, by If-Match; absent where it names none. Throws AppError `invalid-input`. */
export function expectedVersion({ headers }: Request): number | undefined {
  const given = headers['if-match'];
  if (given === undefined) return undefined;
  const version = /^"(\d{1,9})"$/.exec(given.trim())?.[1];
  if (version === undefined) throw invalidInput('If-Match is one ETag, as it was answered: If-Match: "3".');
  return Number(version);
}
