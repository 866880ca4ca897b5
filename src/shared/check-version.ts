import { AppError } from './app-error.js';

/**
 * Whether a change is of the version that is there: two that read the same cannot both change it. Throws AppError
 * `precondition-failed` where another version is there than was expected, `precondition-required` where one is there and
 * none was named.
 */
export function checkVersion(present: number | undefined, expected: number | undefined): void {
  if (present === expected) return;
  if (expected === undefined)
    throw new AppError(
      'precondition-required',
      'version-required',
      `Version ${present} is there: name it to change it (If-Match: "${present}").`,
    );
  throw new AppError(
    'precondition-failed',
    'version-changed',
    present === undefined
      ? 'There is none to change.'
      : `It is at version ${present} by now, not at ${expected}: read it again.`,
  );
}
