import { readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { usageFailure } from '../failure.js';

/** How to reach one server, as the file of profiles has it. */
export interface Profile {
  server?: string;
  apiKey?: string;
  token?: string;
}

export type Environment = Record<string, string | undefined>;

const MEMBERS = new Set(['server', 'apiKey', 'token']);
const OTHERS_MAY_READ = 0o077;

/** `$XDG_CONFIG_HOME/honua/profiles.json`, below `~/.config` where that is not set (XDG Base Directory). */
export const profilesPath = (env: Environment): string =>
  join(env.XDG_CONFIG_HOME || join(env.HOME || homedir(), '.config'), 'honua', 'profiles.json');

/**
 * The profiles by name; none where there is no file. Throws Failure where others may read the file, or it is not what it
 * should be; no message has a value of it.
 */
export function readProfiles(path: string): Map<string, Profile> {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) return new Map();
  if (process.platform !== 'win32' && (found.mode & OTHERS_MAY_READ) !== 0)
    throw usageFailure(`${path} may be read by others, and so is not used.`, [
      `Make it yours alone: chmod 600 ${path}`,
    ]);
  return new Map(Object.entries(parsed(path)).map(([name, value]) => [name, profileOf(path, name, value)]));
}

function parsed(path: string): object {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    // The parser's own message would quote the file.
    throw usageFailure(`${path} ${error instanceof SyntaxError ? 'is not JSON' : 'cannot be read'}.`);
  }
  if (isRecord(value)) return value;
  throw usageFailure(`${path} must be an object of profiles by name.`);
}

function profileOf(path: string, name: string, value: unknown): Profile {
  if (!isRecord(value)) throw usageFailure(`${path}: profile ${name} must be an object.`);
  for (const [member, text] of Object.entries(value)) {
    if (!MEMBERS.has(member))
      throw usageFailure(`${path}: profile ${name} may have ${[...MEMBERS].join(', ')}, not ${member}.`);
    if (typeof text !== 'string') throw usageFailure(`${path}: ${member} of profile ${name} must be a text.`);
  }
  return value;
}

const isRecord = (value: unknown): value is Record<string, string> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
