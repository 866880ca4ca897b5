/** An operation GEOS refused, in its words. */
export class GeosError extends Error {}

/** The instance reached its memory cap. It goes on working, but its thread is better replaced. */
export class GeosOutOfMemory extends Error {
  constructor() {
    super('The operation needs more memory than it may use.');
  }
}
