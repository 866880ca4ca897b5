import { createHash } from 'node:crypto';
import { JSON_TYPE } from '../link.js';
import type { GivenOutput } from './plan-results.js';

/** Its default charset would be ASCII. */
export const PLAIN_TEXT = 'text/plain;charset=utf-8';

/**
 * Plain values are stored as JSON. Whoever asked for `text/plain` gets the text itself: a stored string without its
 * quotes and escapes. Only values that are stored inline, and so are small, are turned; a larger one stays JSON.
 */
export function plainText(given: GivenOutput): GivenOutput {
  const { output, mediaType } = given;
  if (mediaType !== 'text/plain' || output.mediaType !== JSON_TYPE) return given;
  if (output.payload.kind !== 'inline') return { ...given, mediaType: output.mediaType };
  const stored = Buffer.from(output.payload.bytes).toString();
  if (stored.startsWith('{')) return { ...given, mediaType: output.mediaType };
  const text = stored.startsWith('"') ? (JSON.parse(stored) as string) : stored;
  const bytes = new Uint8Array(Buffer.from(text));
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const payload = { kind: 'inline', bytes, size: bytes.length, sha256 } as const;
  return { ...given, mediaType: PLAIN_TEXT, output: { ...output, payload } };
}

/** A part of a multipart answer is plain text unless something else was asked for, as MIME has it (RFC 2046 §5.2). */
export const asPart = (given: GivenOutput): GivenOutput =>
  given.asked || given.byReference || given.output.mediaType !== JSON_TYPE
    ? given
    : { ...given, mediaType: 'text/plain' };
