import { parentPort, workerData } from 'node:worker_threads';
import { AppError } from '../../shared/app-error.js';
import { FileFault } from './feature-file.js';
import { factsOf } from './file-facts.js';
import { piecesOf } from './file-pieces.js';
import type { FileReply, FileTask } from './file-reading.js';

/** A thread that reads one file of features, a piece whenever it is asked for one, or finds out the facts of it. */
const { reading, ...file } = workerData as FileTask;

async function* replies(): AsyncGenerator<FileReply> {
  if (!reading) yield { kind: 'facts', facts: await factsOf(file) };
  else for await (const text of piecesOf(file, reading)) yield { kind: 'piece', text };
}

const replying = replies();
parentPort!.on('message', () => {
  const say = (reply: FileReply): void => parentPort!.postMessage(reply);
  replying.next().then(
    ({ done, value }) => say(done ? { kind: 'end' } : value),
    (error: Error) =>
      say(
        error instanceof AppError
          ? { kind: 'wrong-selection', faults: error.faults }
          : { kind: 'fault', message: error.message, told: error instanceof FileFault },
      ),
  );
});
