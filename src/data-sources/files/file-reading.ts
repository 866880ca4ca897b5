import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { AppError, type Fault, invalidInput } from '../../shared/app-error.js';
import type { FileProvider, LayerFacts, LayerReading } from '../layer.js';
import type { FilePlace } from './feature-file.js';

/** What the thread is to do: read, or find out the facts where no reading is named. */
export interface FileTask {
  provider: FileProvider;
  place: FilePlace;
  crs: string | undefined;
  reading?: LayerReading;
}

/** What the thread answers, each time it is asked. */
export type FileReply =
  | { kind: 'piece'; text: string }
  | { kind: 'facts'; facts: LayerFacts }
  | { kind: 'end' }
  | { kind: 'wrong-selection'; faults: Fault[] }
  /** `told`: its message is for people. */
  | { kind: 'fault'; message: string; told: boolean };

/** A file of features as the text of a GeoJSON collection, read in a thread of its own that ends with the reading. */
export async function* readFeatureFile(task: FileTask & { reading: LayerReading }): AsyncGenerator<string> {
  for await (const reply of replies(task)) if (reply.kind === 'piece') yield reply.text;
}

export async function readFileFacts(task: FileTask): Promise<LayerFacts> {
  for await (const reply of replies(task)) if (reply.kind === 'facts') return reply.facts;
  throw new Error('The thread told no facts');
}

async function* replies(task: FileTask): AsyncGenerator<FileReply> {
  const thread = new Worker(new URL('./file-thread.js', import.meta.url), { workerData: task });
  try {
    for (;;) {
      thread.postMessage('more');
      const [reply] = (await once(thread, 'message')) as [FileReply];
      if (reply.kind === 'end') return;
      if (reply.kind === 'wrong-selection') throw invalidInput(reply.faults[0]!.message, reply.faults);
      if (reply.kind === 'fault') throw unreadable(reply.told ? ` ${reply.message}` : '', reply.message);
      yield reply;
    }
  } catch (error) {
    throw error instanceof AppError ? error : unreadable('', error);
  } finally {
    await thread.terminate();
  }
}

const unreadable = (why: string, cause: unknown): AppError =>
  new AppError('unavailable', 'layer-unreadable', `The file of the layer cannot be read.${why}`, { cause });
