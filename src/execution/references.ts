import { AppError } from '../shared/app-error.js';
import type { Reference } from './types.js';

/**
 * A request that was read names values which are not with it. Whoever dispatched it fetches them, keeps them with the run,
 * and has the request read again: no thread waits for a network.
 */
export class ReferencesWanted extends AppError {
  constructor(readonly references: Reference[]) {
    const [first] = references as [Reference];
    super('unsupported', 'input-by-reference', `${first.path}: inputs by reference are not taken here.`, {
      faults: references.map(({ path }) => ({ path, message: 'inputs by reference are not taken here' })),
    });
  }
}
