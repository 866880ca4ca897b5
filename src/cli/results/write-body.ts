import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { EXIT } from '../exit-codes.js';
import { Failure, usageFailure } from '../failure.js';
import type { Printer } from '../printing/printer.js';
import type { Server } from '../server/server.js';

/** The body of an answer to a file, or to standard output as it comes. */
export async function writeBody(
  reply: Response,
  file: string | undefined,
  { server, printer }: { server: Server; printer: Printer },
): Promise<void> {
  if (file !== undefined) return writeFile(reply, file, server);
  let last = '';
  const body = watched(reply, (chunk) => (last = String.fromCharCode(chunk.at(-1) ?? 10)));
  await server.heard(pipeline(body, printer.stdout, { end: false, signal: server.signal }));
  // The next prompt begins a line of its own.
  if (printer.stdout.isTTY && last !== '\n') printer.stdout.write('\n');
}

/** Under another name until all of it is there: nobody takes half a result for a whole one. */
async function writeFile(reply: Response, file: string, server: Server): Promise<void> {
  const draft = `${file}.part`;
  const sink = createWriteStream(draft);
  let local: NodeJS.ErrnoException | undefined;
  sink.once('error', (error) => (local = error));
  try {
    await server.heard(pipeline(watched(reply), sink, { signal: server.signal }));
    await rename(draft, file);
  } catch (error) {
    if (local?.code !== 'ABORT_ERR' && local?.syscall)
      throw usageFailure(`${file} cannot be written: ${local.message}`);
    await rm(draft, { force: true });
    throw error instanceof Failure ? error : new Failure(EXIT.failed, `${file}: ${(error as Error).message}`);
  }
}

const watched = (reply: Response, see: (chunk: Uint8Array) => void = () => {}): Readable => {
  const body = reply.body ? Readable.fromWeb(reply.body as ReadableStream) : Readable.from([]);
  return body.on('data', see).pause();
};
