import { isUtf8 } from 'node:buffer';
import { access, constants, readFile, stat } from 'node:fs/promises';
import type { ValueSchema } from '../server/documents.js';
import { isNamedAsJson } from './media-type.js';
import { looksLikeJson, readJson, takes, takesStructure, typedValue, ValueFault } from './typed-value.js';

/** A larger file goes ahead of the request: the server then reads it from its store instead of from a body. */
const LARGEST_INLINE_BYTES = 5_000_000;

type Send = (path: string) => Promise<{ href: string; type: string }>;

/** The value that the content of a file stands for, or the name of the upload that it was sent as. Throws ValueFault. */
export async function fileValue(path: string, schema: ValueSchema, send: Send): Promise<unknown> {
  if ((await sizeOf(path)) > LARGEST_INLINE_BYTES) return send(path);
  const text = textOf(await readFile(path));
  return text === undefined ? send(path) : valueOfText({ path, text, schema }, send);
}

/** Bytes. */
async function sizeOf(path: string): Promise<number> {
  const found = await stat(path).catch(() => undefined);
  if (!found) throw new ValueFault(`there is no file ${path}`);
  if (!found.isFile()) throw new ValueFault(`${path} is no file`);
  await access(path, constants.R_OK).catch(() => {
    throw new ValueFault(`${path} may not be read`);
  });
  return found.size;
}

/** Undefined for what is no text. */
const textOf = (bytes: Buffer): string | undefined =>
  isUtf8(bytes) && !bytes.includes(0) ? bytes.toString('utf8').replace(/^\uFEFF/, '') : undefined;

/** Text without what stands around it, as the server reads it from an upload. */
async function valueOfText(
  { path, text, schema }: { path: string; text: string; schema: ValueSchema },
  send: Send,
): Promise<unknown> {
  if (takesStructure(schema)) {
    if (looksLikeJson(text) || isNamedAsJson(path)) return readJson(text);
    // Tables come as CSV too; which text is one, the server knows.
    if (!takes(schema, 'string', 'number')) return send(path);
  }
  return takes(schema, 'number', 'integer', 'boolean') ? typedValue(text.trim(), schema) : text.trim();
}
