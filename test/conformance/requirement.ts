import { it } from 'vitest';
import type { RequirementId } from './requirements.js';

/** A test of one requirement, named by its id. */
export function requirement(id: RequirementId, test: () => Promise<void>): void {
  it(id, test);
}
