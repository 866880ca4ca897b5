import { smallestUuidV7 } from '../../shared/uuid-v7.js';

const DAY_MS = 86_400_000;

/** A run that has not ended this long after it was submitted is ended. */
export const RUN_LIFETIME_MS = 5 * DAY_MS;

/** Older ids hold no unfinished run: the lifetime, the longest attempt after it, and a day for clocks. */
const FLOOR_MS = 7 * DAY_MS;

/** Both bounds of the ids that unfinished runs can have. With both as parameters the planner opens one partition. */
export function runWindow(now = Date.now()): { floor: string; ceil: string } {
  return {
    floor: smallestUuidV7(new Date(now - FLOOR_MS)),
    ceil: smallestUuidV7(new Date(now + DAY_MS)),
  };
}
