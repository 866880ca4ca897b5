import { createHash, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { ArtifactStore } from '../artifacts/index.js';
import type { Payload } from '../execution/index.js';
import { AppError } from '../shared/app-error.js';
import { decodeBody, type EncodedBody } from './decode-body.js';

export interface SpoolLimits {
  /** Bodies up to this size stay in memory. */
  inlineBytes: number;
  maxBytes: number;
}

const tooLarge = (limit: number): AppError =>
  new AppError('too-large', 'body-too-large', `A request body may have at most ${limit} bytes.`);

/**
 * Takes a request body as it is, but for its Content-Encoding, without looking into it: small ones as one exact buffer that
 * can be transferred to a worker, larger ones streamed to the artifact store. Throws AppError `too-large`, at once where the
 * length is declared, and as `decodeBody` does. A client that hangs up leaves nothing behind.
 */
export async function spoolBody(
  body: EncodedBody,
  limits: SpoolLimits,
  store: ArtifactStore,
): Promise<Payload> {
  const { chunks, length } = decodeBody(body);
  if (length !== undefined && length > limits.maxBytes) throw tooLarge(limits.maxBytes);
  try {
    return await take(chunks, { ...limits, length }, store);
  } finally {
    // Lets go of the stream, so that what is left of it can be read away.
    void chunks.return?.();
  }
}

async function take(
  chunks: AsyncIterator<Buffer>,
  { length, ...limits }: SpoolLimits & { length?: number },
  store: ArtifactStore,
): Promise<Payload> {
  if (length !== undefined && length > limits.inlineBytes) return toStore(chunks, [], limits, store);
  const head: Buffer[] = [];
  let size = 0;
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
    head.push(next.value);
    size += next.value.length;
    if (size > limits.inlineBytes) return toStore(chunks, head, limits, store);
  }
  return inline(head, size);
}

/** Forgets a spooled body that no run took. */
export async function discardBody(payload: Payload, store: ArtifactStore): Promise<void> {
  if (payload.kind === 'artifact')
    await store.deletePrefix(payload.key.slice(0, payload.key.lastIndexOf('/')));
}

/** Never from the Buffer pool: the worker takes the memory over. */
function inline(head: Buffer[], size: number): Payload {
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of head) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return { kind: 'inline', bytes, size, sha256: createHash('sha256').update(bytes).digest('hex') };
}

async function toStore(
  chunks: AsyncIterator<Buffer>,
  head: Buffer[],
  { maxBytes }: SpoolLimits,
  store: ArtifactStore,
): Promise<Payload> {
  async function* all(): AsyncGenerator<Buffer> {
    yield* head;
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
  }
  const content = Readable.from(all(), { objectMode: false });
  try {
    const { key, size, sha256 } = await store.put(`inputs/${randomUUID()}/body.json`, content, maxBytes);
    return { kind: 'artifact', key, size, sha256 };
  } catch (error) {
    throw error instanceof AppError && error.kind === 'too-large' ? tooLarge(maxBytes) : error;
  }
}
