import type { Context } from '../context.js';
import { isAway } from '../failure.js';
import type { Server } from '../server/server.js';
import { Patience, Rhythm } from '../watching/patience.js';

const POLL_MS = { first: 500, longest: 5_000 };

/** What a run has written so far; followed, until it can write no more. */
export async function logs(
  id: string,
  { follow }: { follow?: boolean },
  { server, printer }: Context,
): Promise<void> {
  const rhythm = new Rhythm(POLL_MS.first, POLL_MS.longest, server.signal);
  const patience = new Patience(server.patienceMs, server.signal, (text) => printer.note(text));
  let heard = false;
  for (let from = 0; ;) {
    try {
      const { bytes, next, complete } = await pieceOf(id, from, server);
      patience.heard();
      heard = true;
      printer.stdout.write(bytes);
      const moved = next > from;
      from = next;
      // An answer has so much at most: the rest is asked for at once.
      if (moved) rhythm.moved();
      else if (!follow || complete) return;
      else await rhythm.wait();
    } catch (error) {
      if (!heard || !follow || !isAway(error)) throw error;
      await patience.lost(error);
    }
  }
}

interface Piece {
  bytes: Uint8Array;
  /** The byte to go on from. */
  next: number;
  /** Nothing can be written any more. */
  complete: boolean;
}

/** Whole or not at all: what was cut is asked for again, and nothing is printed twice. */
async function pieceOf(id: string, from: number, server: Server): Promise<Piece> {
  const path = `/jobs/${encodeURIComponent(id)}/logs?from=${from}`;
  const reply = await server.send(path, { headers: { accept: 'text/plain' } });
  const bytes = new Uint8Array(await server.heard(reply.arrayBuffer()));
  const next = Number(reply.headers.get('honua-log-next') ?? from + bytes.length);
  return { bytes, next, complete: reply.headers.get('honua-log-complete') === 'true' };
}
