import { EXIT } from '../exit-codes.js';
import { Failure, isAway } from '../failure.js';
import { isOver, type StatusInfo } from '../server/documents.js';
import type { Server } from '../server/server.js';
import { type Change, changeOf } from './change.js';
import { followArray } from './follow-array.js';
import { Patience, Rhythm } from './patience.js';
import { readEvents } from './server-sent-events.js';

/** Three heartbeats of the server. */
const LONGEST_SILENCE_MS = 45_000;
const POLL_MS = { first: 500, longest: 10_000 };

/**
 * A job from now to its end, each time it moves. It outlives lost connections and restarts of the server; what was never
 * reached is not waited for. `tell` hears what happens to the connection. Throws Failure.
 */
export async function* followJob(
  id: string,
  server: Server,
  tell: (text: string) => void,
): AsyncGenerator<Change> {
  const status = await statusOf(server, id);
  const patience = new Patience(server.patienceMs, server.signal, tell);
  if (status.array) return yield* followArray(id, server, patience);
  yield changeOf(status);
  if (isOver(status.status)) return;
  if (!status.links?.some(({ type }) => type === 'text/event-stream'))
    return yield* poll(id, server, patience);
  yield* follow(status, server, patience);
}

const pathOf = (id: string): string => `/jobs/${encodeURIComponent(id)}`;

/** A job that was dismissed after its end is no longer there to be asked: it counts as cancelled. */
export async function statusOf(server: Server, id: string): Promise<StatusInfo> {
  try {
    return await server.json<StatusInfo>(pathOf(id));
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    if (error.exitCode === EXIT.cancelled)
      return { jobID: id, status: 'dismissed', message: 'It was dismissed' };
    if (error.exitCode !== EXIT.usage) throw error;
    throw new Failure(EXIT.usage, `Job ${id}: ${error.message}`, error);
  }
}

/** By the events of the job. They begin with its first one: what was before the status that is known is not news. */
async function* follow(known: StatusInfo, server: Server, patience: Patience): AsyncGenerator<Change> {
  const id = known.jobID;
  let seen: string | undefined;
  for (;;) {
    try {
      for await (const { id: eventId, data } of openEvents(id, seen, { server, patience })) {
        seen = eventId ?? seen;
        const status = JSON.parse(data) as StatusInfo;
        if (!isNews(status, known)) continue;
        yield changeOf(status);
        if (isOver(status.status)) return;
      }
      const status = await statusOf(server, id);
      patience.heard();
      if (isOver(status.status)) return yield changeOf(status);
      await patience.lost(new Failure(EXIT.unreachable, 'The events of the job ended before it did.'));
    } catch (error) {
      if (!isAway(error)) throw error;
      await patience.lost(error);
    }
  }
}

/** By time, which RFC 3339 in UTC writes so that texts can be compared. */
const isNews = ({ status, updated = '' }: StatusInfo, known: StatusInfo): boolean =>
  isOver(status) || known.updated === undefined || updated > known.updated;

async function* openEvents(
  id: string,
  seen: string | undefined,
  { server, patience }: { server: Server; patience: Patience },
): ReturnType<typeof readEvents> {
  const silence = new AbortController();
  const silent = new Failure(EXIT.unreachable, 'The events of the job fell silent.');
  const timer = setTimeout(() => silence.abort(silent), LONGEST_SILENCE_MS);
  try {
    const reply = await server.send(`${pathOf(id)}/events`, {
      headers: { accept: 'text/event-stream', ...(seen !== undefined && { 'last-event-id': seen }) },
      signal: silence.signal,
    });
    // 204: the job is over, and its last event was seen.
    if (reply.status === 204 || !reply.body) return;
    const events = readEvents(reply.body, () => {
      patience.heard();
      timer.refresh();
    });
    for (;;) {
      const next = await server.heard(events.next());
      if (next.done) return;
      yield next.value;
    }
  } finally {
    clearTimeout(timer);
    silence.abort();
  }
}

/** Where there are no events: look again and again. */
async function* poll(id: string, server: Server, patience: Patience): AsyncGenerator<Change> {
  const rhythm = new Rhythm(POLL_MS.first, POLL_MS.longest, server.signal);
  let last = '';
  for (;;) {
    await rhythm.wait();
    try {
      const change = changeOf(await statusOf(server, id));
      patience.heard();
      if (JSON.stringify(change) !== last) rhythm.moved();
      last = JSON.stringify(change);
      yield change;
      if (isOver(change.status)) return;
    } catch (error) {
      if (!isAway(error)) throw error;
      await patience.lost(error);
    }
  }
}
