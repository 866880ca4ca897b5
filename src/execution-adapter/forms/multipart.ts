import { invalidInput } from '../../shared/app-error.js';
import type { FormField } from './urlencoded.js';

const MOST_PARTS = 1_000;
const HEAD_END = Buffer.from('\r\n\r\n');
const LONGEST_HEAD = 16_384;

/** A field of a multipart form, or an uploaded file in it. */
export interface FormPart extends FormField {
  filename?: string;
}

/** The parts of a multipart/form-data body (RFC 7578). Throws AppError `invalid-input` for one that is cut or misbuilt. */
export function readMultipart(bytes: Buffer, boundary: string): FormPart[] {
  const opening = Buffer.from(`--${boundary}`);
  const between = Buffer.from(`\r\n--${boundary}`);
  let at = bytes.indexOf(opening);
  if (at !== 0 && (at < 0 || bytes.lastIndexOf('\r\n', at) !== at - 2)) throw malformed();
  at += opening.length;
  const parts: FormPart[] = [];
  while (bytes.subarray(at, at + 2).toString('latin1') !== '--') {
    if (bytes.subarray(at, at + 2).toString('latin1') !== '\r\n' || parts.length >= MOST_PARTS)
      throw malformed();
    const end = bytes.indexOf(between, at);
    if (end < 0) throw malformed();
    parts.push(readPart(bytes.subarray(at + 2, end)));
    at = end + between.length;
  }
  return parts;
}

function readPart(part: Buffer): FormPart {
  // A part without headers begins with the empty line at once.
  const headEnd = part.subarray(0, LONGEST_HEAD).indexOf(HEAD_END);
  if (headEnd < 0) throw malformed();
  const { name, filename } = partNames(part.subarray(0, headEnd).toString('utf8'));
  if (name === undefined) throw malformed();
  return {
    name,
    text: part.subarray(headEnd + HEAD_END.length),
    ...(filename !== undefined && { filename }),
  };
}

/** What the Content-Disposition of a part's head says. */
export function partNames(head: string): { name?: string; filename?: string } {
  const disposition = /^content-disposition:\s*form-data\s*;(.*)$/im.exec(head)?.[1];
  if (disposition === undefined) return {};
  const parameter = (key: string): string | undefined => {
    const found = new RegExp(`(?:^|;)\\s*${key}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^;\\s]*))`, 'i').exec(
      disposition,
    );
    return found ? (found[1]?.replaceAll(/\\(["\\])/g, '$1') ?? found[2]) : undefined;
  };
  const [name, filename] = [parameter('name'), parameter('filename')];
  return { ...(name !== undefined && { name }), ...(filename !== undefined && { filename }) };
}

const malformed = (): Error =>
  invalidInput('The request body is not the multipart form that its Content-Type says.', [
    { path: '', message: 'is not a well-formed multipart form' },
  ]);
