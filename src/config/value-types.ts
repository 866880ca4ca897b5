import { z } from 'zod';
import { parseByteSize, parseDuration } from '../shared/quantities.js';

export const duration = z
  .union([z.number().nonnegative(), z.string()])
  .transform((value, context) => {
    const ms = typeof value === 'number' ? value : parseDuration(value);
    if (ms === undefined) context.addIssue(`"${value}" is not a duration such as 200ms, 30s, 5m or PT5M`);
    return ms ?? z.NEVER;
  })
  .describe('duration: milliseconds, or text such as 200ms, 30s, 5m, 6h, PT5M');

export const byteSize = z
  .union([z.number().int().nonnegative(), z.string()])
  .transform((value, context) => {
    const bytes = typeof value === 'number' ? value : parseByteSize(value);
    if (bytes === undefined) context.addIssue(`"${value}" is not a size such as 64KiB or 100MiB`);
    return bytes ?? z.NEVER;
  })
  .describe('size: bytes, or text such as 64KiB, 100MiB, 5GiB');

/** A list; in the environment its items are separated by commas. */
export const list = <Item extends z.ZodType>(item: Item): z.ZodPreprocess<z.ZodArray<Item>> =>
  z.preprocess(
    (value) =>
      typeof value === 'string'
        ? value
            .split(',')
            .map((part) => part.trim())
            .filter(Boolean)
        : value,
    z.array(item),
  );

export const count = z.number().int().nonnegative();
export const positive = z.number().int().positive();
