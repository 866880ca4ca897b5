import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import type { Context } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { Failure, usageFailure } from '../failure.js';
import type { Server } from '../server/server.js';

/** Reasons of the file system, and not of the network, that the rest of a file could not be written. */
const DISK = new Set(['ENOSPC', 'EDQUOT', 'EFBIG', 'EIO']);

/** The body of an answer as it comes, to a file, or to standard output where there is none. Throws Failure. */
export async function writeBody(
  reply: Response,
  file: string | undefined,
  { server, printer }: Context,
): Promise<void> {
  if (file !== undefined) return writeFile(reply, file, server);
  let last: number | undefined;
  const body = bodyOf(reply);
  body.on('data', (chunk: Uint8Array) => (last = chunk.at(-1))).pause();
  await server.heard(pipeline(body, printer.stdout, { end: false, signal: server.signal }));
  // The next prompt begins a line of its own.
  if (printer.stdout.isTTY && last !== '\n'.charCodeAt(0)) printer.stdout.write('\n');
}

/** Under another name until all of it is there: nobody takes half a result for a whole one. */
async function writeFile(reply: Response, file: string, server: Server): Promise<void> {
  const draft = (await isDevice(file)) ? file : `${file}.part`;
  const handle = await openFor(draft);
  try {
    await server.heard(pipeline(bodyOf(reply), handle.createWriteStream(), { signal: server.signal }));
    if (draft !== file) await rename(draft, file);
  } catch (error) {
    if (draft !== file) await rm(draft, { force: true });
    const { cause } = error as Failure;
    if (cause instanceof Error && DISK.has((cause as NodeJS.ErrnoException).code ?? ''))
      throw new Failure(EXIT.failed, `${file} cannot be written: ${cause.message}`, { cause });
    throw error;
  }
}

/** `/dev/null`, a pipe: nothing can stand in its place. */
const isDevice = (file: string): Promise<boolean> =>
  stat(file).then(
    (found) => !found.isFile(),
    () => false,
  );

const openFor = (file: string): Promise<FileHandle> =>
  open(file, 'w').catch((error: Error) => {
    throw usageFailure(`${file} cannot be written: ${error.message}`);
  });

const bodyOf = ({ body }: Response): Readable =>
  body ? Readable.fromWeb(body as ReadableStream) : Readable.from([]);
