import { type Type, ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { AppError } from '../../../shared/app-error.js';

/** Query parameters as an instance of their class; what breaks its rules is a 400 that names each parameter. */
export const validatedQuery = (expectedType: Type): ValidationPipe =>
  new ValidationPipe({
    expectedType,
    transform: true,
    exceptionFactory: (errors: ValidationError[]) =>
      new AppError('invalid-input', 'invalid-query', 'A query parameter is not valid.', {
        faults: errors.map(({ property, constraints }) => ({
          path: `?${property}`,
          message: Object.values(constraints ?? {}).join('; ') || 'not valid',
        })),
      }),
  });

/** A list as the standard writes it (`a,b`), and as many clients do (`x=a&x=b`). */
export const toList = ({ value }: { value: unknown }): unknown => {
  if (value === undefined) return undefined;
  return (Array.isArray(value) ? value : [value])
    .flatMap((item) => String(item).split(','))
    .map((item) => item.trim());
};

const WHOLE = /^\d{1,9}$/;

/** A whole number; anything else becomes NaN, which the rules refuse. An array of one is the one. */
export const toWhole = ({ value }: { value: unknown }): number | undefined => {
  const only = Array.isArray(value) && value.length === 1 ? (value[0] as unknown) : value;
  if (only === undefined) return undefined;
  return typeof only === 'string' && WHOLE.test(only) ? Number(only) : Number.NaN;
};
