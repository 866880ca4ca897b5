/** On everything of the stack, and to be on every job: what bills are split by. */
export const COST_TAG = 'application';
export const COST_TAG_VALUE = 'honua-geoprocessing';
