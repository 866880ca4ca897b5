import { invalidInput } from '../shared/app-error.js';
import type { LayerSelection } from '../shared/layer-reference.js';

/** Throws AppError `invalid-input` where a selection names what the layer does not have. */
export function requireFields({ fields = [], filter = [] }: LayerSelection, known: string[]): void {
  const faults = [
    ...fields.map((name) => ({ name, path: '/fields' })),
    ...filter.map(({ field }) => ({ name: field, path: `/filter/${field}` })),
  ]
    .filter(({ name }) => !known.includes(name))
    .map(({ name, path }) => ({
      path,
      message: `the layer has no field '${name.slice(0, 100)}'; it has ${known.join(', ') || 'none'}`,
    }));
  if (faults.length > 0) throw invalidInput(faults[0]!.message, faults);
}
