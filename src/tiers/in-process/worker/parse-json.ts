import { isAscii, isUtf8 } from 'node:buffer';
import { AppError, invalidInput } from '../../../shared/app-error.js';

/** Bytes that V8 needs at most for what a mark of JSON begins, with its place in the parent. */
const COST = { array: 64, object: 80, member: 16, property: 48 };
/** Of a thread's heap, what a parsed request may take; the rest is for working on it. */
export const SHARE = 0.6;

const [QUOTE, BACKSLASH, BRACKET, BRACE, COMMA, COLON] = Array.from('"\\[{,:', (mark) => mark.charCodeAt(0));

/**
 * Bytes to a value. Throws AppError `invalid-input`, or `too-large` where the value would not fit the thread's heap:
 * JSON.parse cannot be interrupted, so running out of memory inside it ends not the thread but the whole process.
 */
export function parseJson(bytes: Buffer, heapBytes: number): unknown {
  if (!isUtf8(bytes))
    throw invalidInput('The request body is not valid UTF-8.', [{ path: '', message: 'is not UTF-8' }]);
  // Few bytes cannot become much: the dearest text is `{},{},…`, three bytes for a hundred.
  if (bytes.length * 40 > heapBytes * SHARE && parsedSize(bytes) > heapBytes * SHARE) {
    throw new AppError(
      'too-large',
      'body-too-large',
      'The request body holds more values than fit into memory.',
    );
  }
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown;
  } catch (error) {
    if (!(error instanceof SyntaxError)) {
      throw new AppError('too-large', 'body-too-large', 'The request body is too long to be read as text.');
    }
    // V8 quotes the text around the fault, which may be long and is the caller's own; the place is enough.
    const place = /position (\d+)/.exec(error.message);
    const message = place ? `is not valid JSON at character ${place[1]}` : 'is not valid JSON';
    throw invalidInput(`The request body ${message}.`, [{ path: '', message }]);
  }
}

/** An upper bound, in bytes, on what the parsed value takes. */
export function parsedSize(bytes: Buffer): number {
  let size = bytes.length * (isAscii(bytes) ? 1 : 2);
  let inText = false;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (inText) {
      if (byte === BACKSLASH) i++;
      else if (byte === QUOTE) inText = false;
    } else if (byte === QUOTE) inText = true;
    else if (byte === BRACKET) size += COST.array;
    else if (byte === BRACE) size += COST.object;
    else if (byte === COMMA) size += COST.member;
    else if (byte === COLON) size += COST.property;
  }
  return size;
}
