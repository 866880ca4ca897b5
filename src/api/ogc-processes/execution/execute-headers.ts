import type { Request } from 'express';
import { invalidInput } from '../../../shared/app-error.js';
import { parsePrefer, type Preferences } from '../prefer.js';

const KEY = /^[\x21-\x7e]{1,255}$/;
const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** What an execute request says outside its body. */
export interface ExecuteHeaders {
  prefer: Preferences;
  dryRun: boolean;
  idempotencyKey?: string;
  traceparent?: string;
}

const TRUE = ['', 'true', '1'];
const FALSE = ['false', '0'];

/** Throws AppError `invalid-input`. */
export function executeHeaders({ headers, query }: Request): ExecuteHeaders {
  const prefer = parsePrefer(headers.prefer as string | undefined);
  if (prefer.strict && prefer.others.length > 0)
    throw invalidInput(
      `Not a preference that can be honoured here: ${prefer.others.join(', ').slice(0, 200)}.`,
    );
  const asked = query['dry-run'];
  if (asked !== undefined && !(typeof asked === 'string' && [...TRUE, ...FALSE].includes(asked)))
    throw invalidInput('dry-run is true or false.', [{ path: '?dry-run', message: 'true or false' }]);
  const key = headers['idempotency-key'];
  if (key !== undefined && !(typeof key === 'string' && KEY.test(key)))
    throw invalidInput('An Idempotency-Key is 1 to 255 visible ASCII characters.');
  const { traceparent } = headers;
  return {
    prefer,
    dryRun: prefer.dryRun || (asked !== undefined && TRUE.includes(asked)),
    ...(key && { idempotencyKey: key }),
    ...(typeof traceparent === 'string' && TRACEPARENT.test(traceparent) && { traceparent }),
  };
}
