import { Readable } from 'node:stream';

/** A stream of pieces whose first one is there: what keeps it from beginning is thrown here, not in its midst. */
export async function startedReadable(pieces: AsyncGenerator<string>): Promise<Readable> {
  const first = await pieces.next();
  return Readable.from(startedWith(first, pieces));
}

async function* startedWith(
  first: IteratorResult<string>,
  rest: AsyncGenerator<string>,
): AsyncGenerator<string> {
  try {
    if (!first.done) yield first.value;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}
