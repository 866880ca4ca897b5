import type { Request } from 'express';
import { invalidInput } from '../../../shared/app-error.js';
import type { Parameters } from '../request/parameters.js';

export type Format = 'html' | 'json' | 'pjson' | 'geojson';

/** How an answer is wanted. */
export interface AnswerForm {
  format: Format;
  /** The function that a JSONP answer calls. */
  callback?: string;
}

const USUAL: Format[] = ['html', 'json', 'pjson'];
const CALLBACK = /^[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*|\[\d{1,9}\])*$/;
const LONGEST_CALLBACK = 128;

/** By `f` and `callback`; HTML where nothing is said. Throws AppError `invalid-input`; what was sent is not repeated. */
export function answerForm(parameters: Parameters, offered: Format[] = USUAL): AnswerForm {
  const wanted = parameters.get('f')?.trim().toLowerCase();
  const format = wanted === undefined || wanted === '' ? 'html' : offered.find((one) => one === wanted);
  if (!format)
    throw invalidInput(`f must be one of ${offered.join(', ')}.`, [
      { path: '/f', message: `must be one of ${offered.join(', ')}` },
    ]);
  const callback = callbackOf(parameters);
  return { format, ...(callback !== undefined && format !== 'html' && { callback }) };
}

function callbackOf(parameters: Parameters): string | undefined {
  const callback = parameters.get('callback');
  if (callback === undefined || callback === '') return undefined;
  if (callback.length <= LONGEST_CALLBACK && CALLBACK.test(callback)) return callback;
  throw invalidInput('callback must be the name of a function.', [
    { path: '/callback', message: 'must be the name of a function' },
  ]);
}

/**
 * The form of an error, which must come through whatever is wrong: HTML for a person with a browser, JSON for everybody
 * else, and JSONP only where its callback is harmless.
 */
export function errorForm({ headers }: Request, parameters: Parameters): AnswerForm {
  const wanted = parameters.get('f')?.trim().toLowerCase() ?? '';
  const browser = headers.accept?.includes('text/html') ?? false;
  if (wanted === 'html' || (wanted === '' && browser)) return { format: 'html' };
  const callback = parameters.get('callback') ?? '';
  const harmless = callback.length <= LONGEST_CALLBACK && CALLBACK.test(callback);
  return { format: wanted === 'pjson' ? 'pjson' : 'json', ...(harmless && { callback }) };
}
