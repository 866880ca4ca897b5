import { Readable } from 'node:stream';
import type { ArtifactStore, ByteRange } from '../artifacts/index.js';
import type { Payload } from '../execution/index.js';

/** The bytes of a payload, or a part of them, wherever they are. Throws AppError `not-found` if they are gone. */
export async function openPayload(
  store: ArtifactStore,
  payload: Payload,
  range?: ByteRange,
): Promise<Readable> {
  if (payload.kind === 'inline') {
    const bytes = range ? payload.bytes.subarray(range.start, range.end + 1) : payload.bytes;
    return Readable.from([Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)], {
      objectMode: false,
    });
  }
  const stream = await store.open(payload.key, range);
  // An error may come before anybody reads; the reader still gets it.
  stream.on('error', () => undefined);
  return stream;
}
