import type { ProcessDefinition } from '../registry/index.js';

/** Words of Python, and parameters that its client adds to every generated function: no parameter may be called so. */
const TAKEN = new Set(
  `false none true and as assert async await break class continue def del elif else except finally for from global if
  import in is lambda nonlocal not or pass raise return try while with yield gis future estimate self kwargs`.split(
    /\s+/,
  ),
);

/** How the inputs and outputs of a process are called where names are made of words: `Input_Features`. */
export interface PublishedNames {
  inputs: { id: string; name: string }[];
  outputs: { id: string; name: string }[];
}

/** Names are different in any case, and survive being turned into identifiers of other languages. */
export function publishedNames({ inputs, outputs }: ProcessDefinition): PublishedNames {
  const used = new Set<string>();
  const publish = (name: string): string => {
    let free = name;
    for (let n = 2; used.has(free.toLowerCase()); n++) free = `${name}_${n}`;
    used.add(free.toLowerCase());
    return free;
  };
  return {
    inputs: Object.keys(inputs).map((id) => ({ id, name: publish(inputName(id)) })),
    outputs: Object.entries(outputs).map(([id, { type }]) => ({ id, name: publish(outputName(id, type)) })),
  };
}

function inputName(id: string): string {
  const name = id === 'features' ? 'Input_Features' : words(id);
  return TAKEN.has(name.toLowerCase()) ? `${name}_Value` : name;
}

const outputName = (id: string, type: string): string =>
  id === 'result' && type === 'features' ? 'Output_Features' : `Output_${words(id)}`;

const words = (id: string): string =>
  id
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .split(/[-_]+/)
    .filter((word) => word !== '')
    .map((word) => word[0]!.toUpperCase() + word.slice(1))
    .join('_');

/** What a process may be called in a path: its id, or the id with `_` for `-`, which some clients need. */
export const taskName = (processId: string): string => processId.replaceAll('-', '_');

/** What names have in common however they are written: case, blanks, `_` and `-` do not count. */
export const plainName = (name: string): string => name.toLowerCase().replaceAll(/[\s_-]/g, '');

/** From plain names to the ids of inputs: names as published, ids, aliases. What is first in this order wins. */
export function inputNames(definition: ProcessDefinition): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const add = (name: string, id: string): void =>
    void (names.has(plainName(name)) || names.set(plainName(name), id));
  for (const { id, name } of publishedNames(definition).inputs) add(name, id);
  for (const id of Object.keys(definition.inputs)) add(id, id);
  for (const [id, { aliases }] of Object.entries(definition.inputs))
    for (const alias of aliases) add(alias, id);
  return names;
}

/** The id of the output of that name, as published or the id itself, in any case. */
export function outputIdOf(definition: ProcessDefinition, name: string): string | undefined {
  const wanted = plainName(name);
  const { outputs } = publishedNames(definition);
  return (
    outputs.find((one) => plainName(one.name) === wanted) ??
    outputs.find(({ id }) => plainName(id) === wanted)
  )?.id;
}
