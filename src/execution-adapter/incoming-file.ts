import { pipeline, Readable } from 'node:stream';
import busboy from 'busboy';
import type { Request } from 'express';
import type { IncomingFile } from '../artifacts/index.js';
import { decodeBody } from './decode-body.js';
import { AppError, invalidInput } from '../shared/app-error.js';

const OCTETS = 'application/octet-stream';
const MEDIA_TYPE = /^[\w!#$&^.+-]{1,80}\/[\w!#$&^.+-]{1,80}(?:\s*;[\x20-\x7e]{0,200})?$/;
const LONGEST_NAME = 200;
/** One file; other parts may stand beside it and are passed over. */
const LIMITS = { files: 1, fields: 32, parts: 33, fieldSize: 65_536, headerPairs: 32 };

/**
 * The file in a request: its body, or the first file of a form. Throws AppError `too-large` where its length is declared,
 * `unsupported-media-type`, `invalid-input`.
 */
export async function incomingFile(request: Request, maxBytes: number): Promise<IncomingFile> {
  const { chunks, length } = decodeBody(request);
  if (length !== undefined && length > maxBytes)
    throw new AppError('too-large', 'upload-too-large', `An upload has at most ${maxBytes} bytes.`);
  const body = Readable.from(passedOn(chunks), { objectMode: false });
  const type = request.headers['content-type'] ?? OCTETS;
  if (/^multipart\/form-data\s*(;|$)/i.test(type)) return fileOfForm(body, type);
  if (/^multipart\//i.test(type))
    throw new AppError(
      'unsupported-media-type',
      'unsupported-media-type',
      'Of multipart bodies, form-data is taken.',
    );
  return { content: body, mediaType: checked(type) };
}

function fileOfForm(body: Readable, type: string): Promise<IncomingFile> {
  return new Promise((resolve, reject) => {
    let form: busboy.Busboy;
    try {
      form = busboy({ headers: { 'content-type': type }, limits: LIMITS });
    } catch (error) {
      return reject(brokenForm(error)); // no boundary
    }
    const whole = Promise.withResolvers<void>();
    whole.promise.catch(() => {}); // heard only where a file was found
    const fields = new Map<string, string>();
    form.on('field', (name, value) => void fields.set(name.toLowerCase(), value));
    form.once('file', (_field, part, { filename, mimeType }) => {
      part.on('error', () => {}); // whoever reads it hears of it; until then it must not end the process
      const fileName = filename?.replaceAll(/[^\x20-\x7e]|["\\/]/g, '_').slice(0, LONGEST_NAME);
      const content = Readable.from(ofForm(part), { objectMode: false });
      resolve({
        content,
        mediaType: checked(mimeType),
        ...(fileName && { fileName }),
        whole: whole.promise,
        fields,
      });
    });
    pipeline(body, form, (error) => {
      if (error) whole.reject(brokenForm(error));
      else whole.resolve();
      // Nothing happens here where a file was found.
      reject(error ? brokenForm(error) : invalidInput('The form has no file.'));
    });
  });
}

async function* ofForm(part: Readable): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of part) yield chunk as Buffer;
  } catch (error) {
    throw brokenForm(error);
  }
}

const brokenForm = (cause: unknown): AppError =>
  cause instanceof AppError
    ? cause
    : new AppError('invalid-input', 'invalid-input', 'The body is no whole multipart/form-data.', { cause });

/** A type that cannot be a header of ours again is as good as none. */
const checked = (type: string): string => (MEDIA_TYPE.test(type) ? type : OCTETS);

/** Whatever becomes of the reader, the request stays usable: the answer goes out on its connection. */
async function* passedOn(chunks: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  try {
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
  } finally {
    void chunks.return?.();
  }
}
