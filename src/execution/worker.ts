export {
  type ArrayHead,
  type ArrayParameters,
  ArrayRequested,
  ARRAY_WORK,
  FEWEST_ENTRIES,
  MOST_ENTRIES,
} from './array-request.js';
export { framed } from './framed.js';
export { ReferencesWanted } from './references.js';
export type { Reference } from './types.js';
