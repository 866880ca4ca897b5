import type { Targets } from '../results/targets.js';
import type { ProcessDescription } from '../server/documents.js';
import type { ExecuteBody } from './execute-request.js';

/** One output is given as it is; several in one document, unless each goes to a file of its own. */
export function resultForm(
  { outputs }: ProcessDescription,
  { targets, json }: { targets?: Targets; json: boolean },
): Pick<ExecuteBody, 'outputs' | 'response'> {
  const names = [...(targets?.named.keys() ?? [])];
  if (names.length > 0) return { outputs: Object.fromEntries(names.map((name) => [name, {}])) };
  return json || Object.keys(outputs).length !== 1 ? { response: 'document' } : {};
}
