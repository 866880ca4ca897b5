export { ReferencesWanted } from './references.js';
export type { Reference } from './types.js';
