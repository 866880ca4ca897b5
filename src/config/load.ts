import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { configSchema, type HonuaConfig } from './schema.js';

type Tree = { [key: string]: unknown };

/** All faults at once, one line each: an operator fixes them in one go. */
export class ConfigFaults extends Error {
  constructor(readonly faults: string[]) {
    super(
      `The configuration has ${faults.length} fault(s):\n${faults.map((fault) => `  - ${fault}`).join('\n')}`,
    );
  }
}

/** Variables with a name of their own, for what every deployment sets. */
const NAMED: Record<string, string> = {
  HONUA_ROLE: 'role',
  HONUA_PUBLIC_URL: 'server.publicUrl',
  HONUA_LOG_LEVEL: 'server.logLevel',
  HONUA_ADMIN_KEY: 'identity.bootstrapKey',
  DATABASE_URL: 'database.url',
  HOST: 'server.host',
  PORT: 'server.port',
};

/** Reads `default.yaml`, then `<HONUA_ENV>.yaml`, then the environment. Throws ConfigFaults. */
export function loadConfig(folder: string, env: NodeJS.ProcessEnv = process.env): HonuaConfig {
  const faults: string[] = [];
  const tree = readYaml(join(folder, 'default.yaml'), faults);
  if (env.HONUA_ENV) merge(tree, readYaml(join(folder, `${env.HONUA_ENV}.yaml`), faults));
  for (const [name, path] of Object.entries(NAMED)) {
    const value = env[name];
    if (value) setPath(tree, path.split('.'), value);
  }
  for (const [name, value] of Object.entries(env)) {
    const levels = name.split('__');
    if (levels.length > 1 && value !== undefined && findKey(tree, levels[0]!)) setPath(tree, levels, value);
  }
  const parsed = configSchema.safeParse(tree);
  if (!parsed.success) {
    for (const issue of parsed.error.issues)
      faults.push(`${issue.path.join('.') || '(top level)'}: ${issue.message}`);
  }
  if (!parsed.success || faults.length > 0) throw new ConfigFaults(faults);
  return parsed.data;
}

function readYaml(file: string, faults: string[]): Tree {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    faults.push(`${file}: cannot be read (${(cause as NodeJS.ErrnoException).code})`);
    return {};
  }
  const document = parseDocument(text);
  for (const error of document.errors) faults.push(`${file}: ${error.message}`);
  return (document.toJS() as Tree | null) ?? {};
}

function merge(into: Tree, from: Tree): void {
  for (const [key, value] of Object.entries(from)) {
    const present = into[key];
    if (isTree(present) && isTree(value)) merge(present, value);
    else into[key] = value;
  }
}

/** Key names match in any case; an unknown name is kept as written, so that the schema reports it. */
function setPath(tree: Tree, levels: string[], text: string): void {
  const [level, ...rest] = levels as [string, ...string[]];
  const key = findKey(tree, level) ?? level;
  if (rest.length === 0) {
    tree[key] = parseScalar(text);
    return;
  }
  if (!isTree(tree[key])) tree[key] = {};
  setPath(tree[key] as Tree, rest, text);
}

const findKey = (tree: Tree, name: string): string | undefined =>
  Object.keys(tree).find((key) => key.toLowerCase() === name.toLowerCase());

const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parseScalar(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true';
  if (text === 'null') return null;
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}
