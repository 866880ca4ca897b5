import { AppError } from '../../shared/app-error.js';

const PATH = '/execution/deadline';

/** A run that would be over before it began is not taken. Throws AppError `invalid-input`. */
export function checkDeadline(deadline: string | undefined, now = Date.now()): void {
  if (deadline === undefined || new Date(deadline).getTime() > now) return;
  const message = 'is in the past';
  throw new AppError('invalid-input', 'invalid-input', `${PATH}: ${message}`, {
    faults: [{ path: PATH, message }],
  });
}
