import type { ReceivedBody } from '../../execution/index.js';
import { AppError, invalidInput } from '../../shared/app-error.js';
import { formTypeOf } from './form-type.js';
import { type FormPart, readMultipart } from './multipart.js';
import { readUrlencoded } from './urlencoded.js';

export type FormValue = { text: string } | { value: unknown };

/**
 * The fields of a form by their lower-cased names; the last of repeated ones counts, and files in it are no fields. A
 * JSON object is a form too, whose values have a type already. Throws AppError.
 */
export function readForm({ bytes, mediaType, json }: ReceivedBody): Map<string, FormValue> {
  const type = formTypeOf(mediaType);
  switch (type?.kind) {
    case 'urlencoded':
      return byName(readUrlencoded(bytes));
    case 'multipart':
      return byName(readMultipart(bytes, type.boundary));
    case 'json': {
      const value = bytes.length === 0 ? {} : json();
      if (typeof value !== 'object' || value === null || Array.isArray(value))
        throw invalidInput('The request body must be a JSON object of parameters.');
      return new Map(
        Object.entries(value).map(([name, one]) => [name.toLowerCase(), { value: one as unknown }]),
      );
    }
    case undefined:
      throw new AppError('unsupported-media-type', 'unsupported-media-type', 'The request body is no form.');
  }
}

const byName = (fields: FormPart[]): Map<string, FormValue> =>
  new Map(
    fields
      .filter(({ filename }) => filename === undefined)
      .map(({ name, text }) => [name.toLowerCase(), { text: text.toString('utf8') }]),
  );
