import { createHash } from 'node:crypto';
import type { GivenOutput } from './plan-results.js';

/**
 * Plain values are stored as JSON. Whoever asked for `text/plain` gets the text itself: a stored string without its
 * quotes and escapes. Only values that are stored inline, and so are small, are turned; a larger one stays JSON.
 */
export function plainText(given: GivenOutput): GivenOutput {
  const { output, mediaType } = given;
  if (mediaType !== 'text/plain' || output.mediaType !== 'application/json') return given;
  if (output.payload.kind !== 'inline') return { ...given, mediaType: output.mediaType };
  const stored = Buffer.from(output.payload.bytes).toString();
  const text = stored.startsWith('"') ? (JSON.parse(stored) as string) : stored;
  const bytes = new Uint8Array(Buffer.from(text));
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { ...given, output: { ...output, payload: { kind: 'inline', bytes, size: bytes.length, sha256 } } };
}
