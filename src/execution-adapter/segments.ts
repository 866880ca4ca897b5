import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';
import type { ArtifactStore } from '../artifacts/index.js';
import type { Payload } from '../execution/index.js';
import { openPayload } from './open-payload.js';

/** A piece of an answer's body: text of ours, or stored bytes that are passed on unread. */
export type Segment = string | Payload;

const sizeOf = (segment: Segment): number =>
  typeof segment === 'string' ? Buffer.byteLength(segment) : segment.size;

/**
 * Sends the segments one after the other, with their length declared. Throws before the first byte if stored bytes are
 * gone; a client that hangs up is no error.
 */
export async function sendSegments(
  response: Response,
  segments: Segment[],
  store: ArtifactStore,
): Promise<void> {
  response.setHeader(
    'content-length',
    segments.reduce((sum, segment) => sum + sizeOf(segment), 0),
  );
  if (response.req.method === 'HEAD') return void response.end();
  const opened: (string | Readable)[] = [];
  try {
    for (const segment of segments)
      opened.push(typeof segment === 'string' ? segment : await openPayload(store, segment));
    await pipeline(Readable.from(inOrder(opened), { objectMode: false }), response);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  } finally {
    for (const stream of opened) if (typeof stream !== 'string') stream.destroy();
  }
}

async function* inOrder(opened: (string | Readable)[]): AsyncGenerator<string | Buffer> {
  for (const segment of opened) {
    if (typeof segment === 'string') yield segment;
    else yield* segment as AsyncIterable<Buffer>;
  }
}
