import type { Context } from '../context.js';
import type { Printer } from '../printing/printer.js';
import { linksOf } from './link-header.js';
import type { Targets } from './targets.js';
import { writeBody } from './write-body.js';

/** The results of a job where they are wanted, streamed. Throws Failure, also for a job that failed or is not over. */
export async function saveResults(jobID: string, { whole, named }: Targets, context: Context): Promise<void> {
  const path = `/jobs/${encodeURIComponent(jobID)}/results`;
  if (named.size === 0) return save(path, whole, context);
  for (const [name, file] of named) await save(`${path}/${encodeURIComponent(name)}`, file, context);
}

async function save(path: string, file: string | undefined, { server, printer }: Context): Promise<void> {
  const reply = await server.send(path, { headers: { accept: '*/*' } });
  if (reply.status === 204) return tellLinks(reply, printer);
  await writeBody(reply, file, { server, printer });
  if (file !== undefined) printer.note(`Wrote ${file}`);
}

/** Whoever asked for the outputs wanted links to them. */
function tellLinks(reply: Response, printer: Printer): void {
  const links = linksOf(reply.headers.get('link') ?? '');
  printer.note(links.length > 0 ? 'The request asked for links to its outputs.' : 'There are no results.');
  if (printer.json) printer.value(links);
  else printer.lines(links.map(({ rel, href }) => `${rel}\t${href}`));
}
