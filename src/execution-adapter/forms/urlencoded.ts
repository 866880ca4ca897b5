import { invalidInput } from '../../shared/app-error.js';

const [AMPERSAND, EQUALS, PERCENT, PLUS, SPACE] = [0x26, 0x3d, 0x25, 0x2b, 0x20];

const MOST_FIELDS = 1_000;

export interface FormField {
  name: string;
  /** Decoded bytes of a form's field. */
  text: Buffer;
}

/** The fields of an application/x-www-form-urlencoded body, in their order. Bad escapes stay as they are. Throws AppError. */
export function readUrlencoded(bytes: Buffer): FormField[] {
  const fields: FormField[] = [];
  for (let start = 0; start < bytes.length;) {
    const found = bytes.indexOf(AMPERSAND, start);
    const end = found < 0 ? bytes.length : found;
    const pair = bytes.subarray(start, end);
    start = end + 1;
    if (pair.length === 0) continue;
    if (fields.length >= MOST_FIELDS) throw invalidInput(`A form may have at most ${MOST_FIELDS} fields.`);
    const equals = pair.indexOf(EQUALS);
    const name = equals < 0 ? pair : pair.subarray(0, equals);
    const text = equals < 0 ? Buffer.alloc(0) : pair.subarray(equals + 1);
    fields.push({ name: decodeEscapes(name).toString('utf8'), text: decodeEscapes(text) });
  }
  return fields;
}

/** `%41` and `+` to what they stand for. */
export function decodeEscapes(bytes: Buffer): Buffer {
  if (!bytes.includes(PERCENT) && !bytes.includes(PLUS)) return bytes;
  const decoded = Buffer.allocUnsafe(bytes.length);
  let length = 0;
  for (let at = 0; at < bytes.length; at++) {
    let byte = bytes[at]!;
    if (byte === PLUS) byte = SPACE;
    else if (byte === PERCENT) {
      const [high, low] = [hexDigit(bytes[at + 1]), hexDigit(bytes[at + 2])];
      if (high >= 0 && low >= 0) {
        byte = high * 16 + low;
        at += 2;
      }
    }
    decoded[length++] = byte;
  }
  return decoded.subarray(0, length);
}

function hexDigit(byte: number | undefined): number {
  if (byte === undefined) return -1;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const upper = byte & ~0x20;
  return upper >= 0x41 && upper <= 0x46 ? upper - 0x37 : -1;
}
