import { pipeline } from 'node:stream/promises';
import type { Request, Response } from 'express';
import type { ArtifactStore, DirectUrl } from '../../artifacts/index.js';
import type { Payload } from '../../execution/index.js';
import { openPayload } from '../../execution-adapter/index.js';
import { parseRange } from './byte-range.js';

const REDIRECTED_BYTES = 1024 ** 2;
/** A client follows at once; who gets the URL otherwise has little of it. */
const REDIRECTED_SECONDS = 300;

export interface StoredContent {
  payload: Payload;
  mediaType: string;
  /** Content-Disposition. */
  disposition: string;
}

/** Answers with stored bytes, or a range of them; a client that has them already is told so. */
export async function sendStored(
  request: Request,
  response: Response,
  { payload, mediaType, disposition }: StoredContent,
  store: ArtifactStore,
): Promise<void> {
  const etag = `"${payload.sha256}"`;
  response.setHeader('content-type', mediaType);
  response.setHeader('content-disposition', disposition);
  response.setHeader('accept-ranges', 'bytes');
  response.setHeader('etag', etag);
  response.setHeader('cache-control', 'private, no-cache');
  const fresh = request.headers['if-none-match']?.split(',').some((tag) => tag.trim() === etag);
  if (fresh) return void response.status(304).end();
  const same = request.headers['if-range'] === undefined || request.headers['if-range'] === etag;
  const range = same ? parseRange(request.headers.range, payload.size) : undefined;
  if (range === 'unsatisfiable') {
    response.removeHeader('etag');
    return void response.status(416).setHeader('content-range', `bytes */${payload.size}`).end();
  }
  const direct =
    request.method === 'GET' ? await directUrl(payload, { mediaType, disposition }, store) : undefined;
  if (direct !== undefined)
    return void response
      .status(302)
      .setHeader('cache-control', 'no-store')
      .setHeader('location', direct)
      .end();
  response.status(range ? 206 : 200);
  if (range) response.setHeader('content-range', `bytes ${range.start}-${range.end}/${payload.size}`);
  response.setHeader('content-length', range ? range.end - range.start + 1 : payload.size);
  if (request.method === 'HEAD') return void response.end();
  await pipeline(await openPayload(store, payload, range), response).catch(unlessHungUp);
}

/** The store itself answers ranges. Small outputs are given at once. */
async function directUrl(
  payload: Payload,
  as: Omit<DirectUrl, 'seconds'>,
  store: ArtifactStore,
): Promise<string | undefined> {
  if (payload.kind !== 'artifact' || payload.size < REDIRECTED_BYTES) return undefined;
  return store.directUrl(payload.key, { ...as, seconds: REDIRECTED_SECONDS });
}

function unlessHungUp(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
}
