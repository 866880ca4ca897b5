import { access, constants } from 'node:fs/promises';
import { dirname } from 'node:path';
import { usageFailure } from '../failure.js';

/** Where results go: all of them to one file or standard output, or outputs by their names to files. */
export interface Targets {
  /** Standard output where it is left out. */
  whole?: string;
  named: Map<string, string>;
}

const NAMED = /^([A-Za-z_][\w.-]*)=(.+)$/s;

/** `FILE` or `NAME=FILE`; a file with `=` in its name is written `./a=b`. Throws Failure. */
export function readTargets(outputs: string[]): Targets {
  const named = new Map<string, string>();
  const whole: string[] = [];
  for (const text of outputs) {
    const [, name, file] = NAMED.exec(text) ?? [];
    if (name === undefined || file === undefined) whole.push(text);
    else if (named.has(name)) throw usageFailure(`output ${name}: is given twice.`);
    else named.set(name, file);
  }
  if (whole.length > 1 || (whole.length === 1 && named.size > 0))
    throw usageFailure('All results go to one file (-o FILE), or each to its own (-o NAME=FILE).');
  return { ...(whole[0] !== undefined && { whole: whole[0] }), named };
}

/** Throws Failure where a folder is not there to write into: said before a run, not after it. */
export async function requireFolders({ whole, named }: Targets): Promise<void> {
  for (const file of [...(whole === undefined ? [] : [whole]), ...named.values()])
    await access(dirname(file), constants.W_OK).catch(() => {
      throw usageFailure(`${file} cannot be written: its folder is not there, or not to be written to.`);
    });
}
