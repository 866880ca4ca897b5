import { it } from 'vitest';
import type { RequirementId } from './requirements.js';

/** Some go through every operation of the API. */
const LIMIT_MS = 180_000;

/** A test of one requirement, named by its id. */
export function requirement(id: RequirementId, test: () => Promise<void>): void {
  it(id, test, LIMIT_MS);
}
