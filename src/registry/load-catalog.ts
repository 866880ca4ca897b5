import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Document, isMap, isNode, LineCounter, parseDocument } from 'yaml';
import { withOutputOptions } from './output-options.js';
import { type ProcessDefinition, processDefinitionSchema } from './process-definition.js';

export interface CatalogEntry {
  definition: ProcessDefinition;
  /** SHA-256 of the definition; a run keeps it, with the definition itself. */
  hash: string;
  file: string;
}

/** Why a file, or one place in it, is no part of the catalog. Line and column count from 1. */
export interface CatalogFault {
  file: string;
  line: number;
  column: number;
  reason: string;
}

export interface LoadedCatalog {
  entries: CatalogEntry[];
  faults: CatalogFault[];
}

/** Reads every `*.yaml` of the folder. A bad file is reported and left out; the good ones stay. */
export function loadCatalog(folder: string): LoadedCatalog {
  const loaded: LoadedCatalog = { entries: [], faults: [] };
  const seen = new Map<string, string>();
  for (const file of readdirSync(folder).sort()) {
    if (!/\.ya?ml$/.test(file)) continue;
    const { entry, faults } = loadDefinition(file, readFileSync(join(folder, file), 'utf8'));
    loaded.faults.push(...faults);
    if (!entry) continue;
    const name = `${entry.definition.id} ${entry.definition.version}`;
    const first = seen.get(name);
    if (first)
      loaded.faults.push({ file, line: 1, column: 1, reason: `${name} is already defined in ${first}` });
    else loaded.entries.push(entry);
    seen.set(name, first ?? file);
  }
  return loaded;
}

/** One file's text to a definition, or to faults with their places. */
export function loadDefinition(file: string, text: string): { entry?: CatalogEntry; faults: CatalogFault[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const at = (offset: number, reason: string): CatalogFault => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1), reason };
  };
  if (document.errors.length > 0) {
    return { faults: document.errors.map((error) => at(error.pos[0], error.message.split('\n')[0]!)) };
  }
  const parsed = processDefinitionSchema.safeParse(document.toJS());
  if (!parsed.success) {
    const places = parsed.error.issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => ({ path: [...issue.path, key], message: 'unknown key' }))
        : [issue],
    );
    return {
      faults: places.map(({ path, message }) =>
        at(offsetOf(document, path), `${path.join('.') || 'file'}: ${message}`),
      ),
    };
  }
  const definition = withOutputOptions(parsed.data);
  const inconsistent = findInconsistency(definition);
  if (inconsistent) return { faults: [at(offsetOf(document, inconsistent.path), inconsistent.reason)] };
  const hash = createHash('sha256').update(JSON.stringify(definition)).digest('hex');
  return { entry: { definition, hash, file }, faults: [] };
}

/** What the schema alone cannot say: names that must agree with each other. */
function findInconsistency(definition: ProcessDefinition): { path: string[]; reason: string } | undefined {
  for (const tier of definition.preferredTiers) {
    if (!definition.handlers[tier]) {
      return {
        path: ['preferredTiers'],
        reason: `tier ${tier} is preferred but has no entry under handlers`,
      };
    }
  }
  const owner = new Map(Object.keys(definition.inputs).map((name) => [name, name]));
  for (const [name, input] of Object.entries(definition.inputs)) {
    for (const alias of input.aliases) {
      if (owner.has(alias))
        return { path: ['inputs', name, 'aliases'], reason: `alias ${alias} already names an input` };
      owner.set(alias, name);
    }
  }
  for (const [index, example] of definition.examples.entries()) {
    const stranger = Object.keys(example.inputs).find((name) => !owner.has(name));
    if (stranger) {
      return {
        path: ['examples', String(index)],
        reason: `example input ${stranger} is no input of the process`,
      };
    }
  }
  return undefined;
}

/** The nearest place in the text that stands for a path: the value, its key, or the enclosing map. */
function offsetOf(document: Document, path: PropertyKey[]): number {
  for (let length = path.length; length > 0; length--) {
    const keys = path.slice(0, length).map((key) => (typeof key === 'symbol' ? String(key) : key));
    const node = document.getIn(keys, true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return isMap(document.contents) && document.contents.range ? document.contents.range[0] : 0;
}
