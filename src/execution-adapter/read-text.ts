import { AppError } from '../shared/app-error.js';
import { decodeBody, type EncodedBody } from './decode-body.js';

/** The text of a small body, whatever its type. Throws AppError `too-large`, `unsupported-media-type`, `invalid-input`. */
export async function readText(body: EncodedBody, maxBytes: number): Promise<string> {
  const { chunks } = decodeBody(body);
  const taken: Buffer[] = [];
  let size = 0;
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
    size += next.value.length;
    if (size > maxBytes)
      throw new AppError('too-large', 'body-too-large', `The body is larger than ${maxBytes} bytes.`);
    taken.push(next.value);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(taken));
  } catch (cause) {
    throw new AppError('invalid-input', 'invalid-encoding', 'The body is not UTF-8.', { cause });
  }
}
