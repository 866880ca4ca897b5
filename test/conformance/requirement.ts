import { it } from 'vitest';
import { PARTLY_MET, type RequirementId } from './requirements.js';

/** A test of one requirement, named by its id. */
export function requirement(id: RequirementId, test: () => Promise<void>): void {
  const missing = PARTLY_MET[id];
  it(missing ? `${id} (in part: ${missing})` : id, test);
}
