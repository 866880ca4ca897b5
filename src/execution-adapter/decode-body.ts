import { pipeline, Readable, type Transform } from 'node:stream';
import {
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createZstdDecompress,
} from 'node:zlib';
import { AppError } from '../shared/app-error.js';

/** A window of 8 MiB, which is what RFC 8878 has every decoder take; larger ones are memory for the asking. */
const ZSTD_WINDOW_LOG = 23;

const DECODERS: Record<string, () => Transform> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
  zstd: () => createZstdDecompress({ params: { [constants.ZSTD_d_windowLogMax]: ZSTD_WINDOW_LOG } }),
};

export type EncodedBody = Readable & { headers: { 'content-length'?: string; 'content-encoding'?: string } };

export interface DecodedBody {
  chunks: AsyncIterator<Buffer>;
  /** Where it is known before the body was read. */
  length?: number;
}

/**
 * The content of a request body, by its Content-Encoding; whoever reads it counts what comes out. The request stays usable
 * when reading ends early: the answer goes out on the same connection. Throws AppError `unsupported-media-type`, before a
 * byte is read; reading throws `invalid-input` where the body is not in its encoding.
 */
export function decodeBody(body: EncodedBody): DecodedBody {
  const coding = body.headers['content-encoding']?.trim().toLowerCase() ?? '';
  const encoded: AsyncIterator<Buffer> = body.iterator({ destroyOnReturn: false });
  if (coding === '' || coding === 'identity') {
    const declared = body.headers['content-length'];
    return { chunks: encoded, length: declared === undefined ? undefined : Number(declared) };
  }
  if (!Object.hasOwn(DECODERS, coding)) throw unknownCoding(coding);
  return { chunks: decoded(encoded, DECODERS[coding]!(), coding) };
}

async function* decoded(
  encoded: AsyncIterator<Buffer>,
  decoder: Transform,
  coding: string,
): AsyncGenerator<Buffer> {
  const source = Readable.from(passedOn(encoded), { objectMode: false });
  pipeline(source, decoder, () => {}); // its errors come out of the decoder
  try {
    for await (const chunk of decoder) yield chunk as Buffer;
  } catch (error) {
    // zlib's own errors have such codes; anything else is the connection's.
    if (!/^(Z_|ERR_(?!STREAM)|ZSTD_)/.test((error as NodeJS.ErrnoException).code ?? '')) throw error;
    throw new AppError('invalid-input', 'invalid-encoding', `The body is not ${coding}.`, { cause: error });
  } finally {
    void encoded.return?.();
  }
}

/** An error downstream is thrown in here and ends here: the iterator of the request would destroy the connection for it. */
async function* passedOn(chunks: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
}

const unknownCoding = (coding: string): AppError =>
  new AppError(
    'unsupported-media-type',
    'unsupported-media-type',
    `The content encoding '${coding.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 100)}' is not taken.`,
  );

/** What a 415 about the encoding says is taken. */
export const CONTENT_CODINGS = 'gzip, deflate, br, zstd, identity';
