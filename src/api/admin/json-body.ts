import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { z } from 'zod';
import { readText } from '../../execution-adapter/index.js';
import { AppError, invalidInput } from '../../shared/app-error.js';

const LARGEST_BYTES = 256 * 1024;

/** The text of a small body. Throws AppError as `readText` does. */
export const readSmallText = (request: Request): Promise<string> => readText(request, LARGEST_BYTES);

/** A JSON body as the schema says; an empty one is `{}`. Throws AppError `invalid-input`, with each fault at its place. */
export async function readJson<T extends z.ZodType>(request: Request, schema: T): Promise<z.infer<T>> {
  const text = await readSmallText(request);
  let body: unknown;
  try {
    body = text.trim() === '' ? {} : JSON.parse(text);
  } catch (cause) {
    throw new AppError('invalid-input', 'invalid-json', 'The body is not JSON.', { cause });
  }
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => ({
    path: path.map((step) => `/${String(step)}`).join(''),
    message,
  }));
  throw invalidInput('The body is not valid.', faults);
}

/** The body as a parameter: `@JsonBody(schema) body: z.infer<typeof schema>`. */
export const JsonBody = (schema: z.ZodType): ParameterDecorator =>
  createParamDecorator((_: unknown, context: ExecutionContext) =>
    readJson(context.switchToHttp().getRequest<Request>(), schema),
  )();

/** The schema in the form of an API definition. */
export const bodySchema = (schema: z.ZodType): object =>
  z.toJSONSchema(schema, { target: 'openapi-3.0', io: 'input' });
