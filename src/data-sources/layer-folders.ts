import { realpath } from 'node:fs/promises';
import { sep } from 'node:path';

/** The real place of a file, links followed; undefined where it is in none of the folders, or not there. */
export async function placeWithin(path: string, folders: string[]): Promise<string | undefined> {
  const real = await realpath(path).catch(() => undefined);
  for (const folder of folders) {
    const within = await realpath(folder).catch(() => undefined);
    if (real !== undefined && within !== undefined && real.startsWith(within + sep)) return real;
  }
  return undefined;
}
