export { framed } from './framed.js';
export { ReferencesWanted } from './references.js';
export type { Reference } from './types.js';
