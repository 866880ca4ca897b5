import { Failure, usageFailure } from '../failure.js';
import type { ProcessDescription, ValueSchema } from '../server/documents.js';
import { assign, isRepeatable } from './assignments.js';
import { fileValue } from './file-value.js';
import { typedValue, ValueFault } from './typed-value.js';
import type { Uploads } from './uploads.js';

/**
 * The inputs of a request from `name=value` of the command line. `@file` stands for what a file has; a text that begins
 * with `@` is written with two of them. All that is wrong is said at once, each with its input. Throws Failure.
 */
export async function readInputs(
  assignments: string[],
  process: ProcessDescription,
  uploads: Uploads,
): Promise<Record<string, unknown>> {
  const inputs: Record<string, unknown> = {};
  const faults: string[] = [];
  const value = async (name: string, text: string, schema: ValueSchema): Promise<unknown> => {
    try {
      return await readValue(text, schema, uploads);
    } catch (error) {
      if (error instanceof Failure)
        throw new Failure(error.exitCode, `input ${name}: ${error.message}`, error);
      if (!(error instanceof ValueFault)) throw error;
      faults.push(`input ${name}: ${error.message}`);
    }
  };
  for (const { name, texts, input } of assign(assignments, process)) {
    const values: unknown[] = [];
    for (const text of texts) values.push(await value(name, text, input.schema));
    // An array may be the list of values where several are taken.
    inputs[name] = isRepeatable(input) && values.length > 1 ? values : values[0];
  }
  if (faults.length > 0) throw usageFailure('The inputs are not valid.', faults);
  return inputs;
}

function readValue(text: string, schema: ValueSchema, uploads: Uploads): unknown {
  if (text.startsWith('@@')) return typedValue(text.slice(1), schema);
  if (text.startsWith('@')) return fileValue(text.slice(1), schema, (path) => uploads.send(path));
  return typedValue(text, schema);
}
