import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { AppError } from '../../shared/app-error.js';
import type { FilePlace } from './feature-file.js';

export type FileProvider = 'geopackage' | 'shapefile' | 'flatgeobuf' | 'geoparquet';

/** What the thread answers, each time it is asked. */
export type FileReply =
  | { kind: 'piece'; text: string }
  | { kind: 'end' }
  /** `told`: its message is for people. */
  | { kind: 'fault'; message: string; told: boolean };

/** A file of features as the text of a GeoJSON collection, read in a thread of its own that ends with the reading. */
export async function* readFeatureFile(
  provider: FileProvider,
  place: FilePlace,
  crs: string | undefined,
): AsyncGenerator<string> {
  const thread = new Worker(new URL('./file-thread.js', import.meta.url), {
    workerData: { provider, place, crs },
  });
  try {
    for (;;) {
      thread.postMessage('more');
      const [reply] = (await once(thread, 'message')) as [FileReply];
      if (reply.kind === 'end') return;
      if (reply.kind === 'fault') throw unreadable(reply.told ? ` ${reply.message}` : '', reply.message);
      yield reply.text;
    }
  } catch (error) {
    throw error instanceof AppError ? error : unreadable('', error);
  } finally {
    await thread.terminate();
  }
}

const unreadable = (why: string, cause: unknown): AppError =>
  new AppError('unavailable', 'layer-unreadable', `The file of the layer cannot be read.${why}`, { cause });
