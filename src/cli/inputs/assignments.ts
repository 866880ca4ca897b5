import { usageFailure } from '../failure.js';
import type { InputDescription, ProcessDescription } from '../server/documents.js';

/** The texts given for one input, in their order. */
export interface Assigned {
  name: string;
  texts: string[];
  input: InputDescription;
}

/** `name=value`; the value may have more of `=` and may be empty. Throws Failure. */
export function readAssignment(text: string): [name: string, value: string] {
  const at = text.indexOf('=');
  if (at < 1) throw usageFailure(`'${text}' is no input: write name=value.`);
  return [text.slice(0, at).trim(), text.slice(at + 1)];
}

/** What is given for which input of the process. Throws Failure for names it has not, and inputs given too often. */
export function assign(assignments: string[], process: ProcessDescription): Assigned[] {
  const byName = new Map<string, string[]>();
  for (const [name, value] of assignments.map(readAssignment))
    byName.set(name, [...(byName.get(name) ?? []), value]);
  return [...byName].map(([name, texts]) => {
    const input = inputNamed(name, process);
    if (!input)
      throw usageFailure(`${process.id} has no input ${name}.`, [
        `It has: ${Object.keys(process.inputs).join(', ')}`,
      ]);
    if (texts.length > 1 && !isRepeatable(input))
      throw usageFailure(`input ${name}: is given ${texts.length} times and taken once.`);
    return { name, texts, input };
  });
}

export const isRepeatable = ({ maxOccurs = 1 }: InputDescription): boolean => maxOccurs !== 1;

/** By its name, or by another one that it goes by. */
function inputNamed(name: string, { inputs }: ProcessDescription): InputDescription | undefined {
  if (Object.hasOwn(inputs, name)) return inputs[name];
  return Object.values(inputs).find(({ additionalParameters }) =>
    additionalParameters?.parameters.some((one) => one.name === 'aliases' && one.value.includes(name)),
  );
}
