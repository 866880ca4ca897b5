import type { Request } from 'express';
import { HTML_TYPE } from '../../../pages/index.js';
import { AppError } from '../../../shared/app-error.js';
import { JSON_TYPE } from '../link.js';

export const FORMS = ['json', 'html'] as const;
export type Form = (typeof FORMS)[number];

const PROBLEM_FORMS = [JSON_TYPE, 'application/problem+json', HTML_TYPE];
const PAGE_TYPES = [HTML_TYPE, 'application/xhtml+xml'];

/**
 * The form in which a resource of JSON is wanted: `f` wins over Accept; without either, and for whoever takes anything,
 * it is JSON. Throws AppError `invalid-input`, `not-acceptable`.
 */
export function formOf(request: Request): Form {
  const asked = askedForm(request);
  if (asked) return asked;
  const type = request.accepts([JSON_TYPE, HTML_TYPE]);
  if (!type)
    throw new AppError(
      'not-acceptable',
      'not-acceptable',
      `This resource is served as ${JSON_TYPE} and ${HTML_TYPE}.`,
    );
  return type === HTML_TYPE ? 'html' : 'json';
}

/** Whether a page is what the caller likes best, where the other forms have types that only the data knows. */
export function prefersPage(request: Request): boolean {
  const asked = askedForm(request);
  return asked ? asked === 'html' : PAGE_TYPES.includes(request.accepts()[0]?.toLowerCase() ?? '');
}

/** Whether an error is to be a page. What cannot be understood is no reason for a second error. */
export function problemAsPage(request: Request): boolean {
  const { f } = request.query;
  return f === 'html' || (f !== 'json' && request.accepts(PROBLEM_FORMS) === HTML_TYPE);
}

function askedForm({ query: { f } }: Request): Form | undefined {
  if (f === undefined || FORMS.includes(f as Form)) return f as Form | undefined;
  throw new AppError('invalid-input', 'invalid-query', 'A query parameter is not valid.', {
    faults: [{ path: '?f', message: `one of ${FORMS.join(', ')}` }],
  });
}
