import { isAway } from '../failure.js';
import { type ChildInfo, type ChildrenPage, isOver, type StatusInfo } from '../server/documents.js';
import type { Server } from '../server/server.js';
import { type Change, changeOf, changeOfChild, isSame } from './change.js';
import { type Patience, Rhythm } from './patience.js';

const POLL_MS = { first: 500, longest: 5_000 };
const PAGE = 1_000;
/** Of a larger run only the children that are at work or failed are asked for: the counts tell of the others. */
const MOST_LISTED = 2_000;

/** The children of an array run and their parent, each time one of them moves, until the parent is over. Throws Failure. */
export async function* followArray(id: string, server: Server, patience: Patience): AsyncGenerator<Change> {
  const rhythm = new Rhythm(POLL_MS.first, POLL_MS.longest, server.signal);
  const known = new Map<string, Change>();
  for (;;) {
    try {
      // The parent is asked first and told last: its end comes after that of all its children.
      const parent = changeOf(await server.json<StatusInfo>(`/jobs/${encodeURIComponent(id)}`));
      const children = (await childrenOf(parent, server)).map((child) => changeOfChild(parent, child));
      patience.heard();
      for (const change of [...children, parent]) {
        if (!isNews(change, known.get(change.jobID))) continue;
        known.set(change.jobID, change);
        rhythm.moved();
        yield change;
      }
      if (isOver(parent.status)) return;
      await rhythm.wait();
    } catch (error) {
      if (!isAway(error)) throw error;
      await patience.lost(error);
    }
  }
}

/** That a child waits goes without saying: the counts of its parent have it. */
const isNews = (change: Change, known: Change | undefined): boolean =>
  !isSame(known, change) &&
  (known !== undefined || change.parent === undefined || change.status !== 'accepted');

async function childrenOf(parent: Change, server: Server): Promise<ChildInfo[]> {
  if ((parent.array?.size ?? 0) <= MOST_LISTED) return listChildren(parent.jobID, server);
  const [running, failed] = [
    await listChildren(parent.jobID, server, 'running'),
    await listChildren(parent.jobID, server, 'failed'),
  ];
  return [...running, ...failed];
}

/** All pages of it; a page that has none ends it, whatever number was announced. */
export async function listChildren(jobID: string, server: Server, status?: string): Promise<ChildInfo[]> {
  const found: ChildInfo[] = [];
  for (;;) {
    const query = new URLSearchParams({
      ...(status && { status }),
      limit: String(PAGE),
      offset: String(found.length),
    });
    const page = await server.json<ChildrenPage>(`/jobs/${jobID}/children?${query}`);
    found.push(...page.children);
    if (page.children.length === 0 || found.length >= page.numberMatched) return found;
  }
}
