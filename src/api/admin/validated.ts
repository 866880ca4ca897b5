import type { z } from 'zod';
import { AppError } from '../../shared/app-error.js';

/** A pipe for query parameters; each fault is named, and an empty one, as a form sends it, is none. Throws AppError `invalid-input`. */
export const validated = <T extends z.ZodType>(schema: T): { transform(value: unknown): z.infer<T> } => ({
  transform(value) {
    const given = Object.entries(value as object).filter(([, one]) => one !== '');
    const parsed = schema.safeParse(Object.fromEntries(given));
    if (parsed.success) return parsed.data;
    throw new AppError('invalid-input', 'invalid-query', 'A query parameter is not valid.', {
      faults: parsed.error.issues.flatMap((issue) =>
        issue.code === 'unrecognized_keys'
          ? issue.keys.map((key) => ({ path: `?${key}`, message: 'there is no such parameter' }))
          : [{ path: `?${issue.path.map(String).join('.')}`, message: issue.message }],
      ),
    });
  },
});
