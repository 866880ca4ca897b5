/** What is wrong with a piece of Esri JSON, and where in it. */
export class EsriFault extends Error {
  constructor(
    message: string,
    readonly path: (string | number)[] = [],
  ) {
    super(message);
  }
}

/** Runs a reading one step deeper: its faults are told with the step before their path. */
export function within<T>(step: string | number, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof EsriFault) error.path.unshift(step);
    throw error;
  }
}

export type JsonObject = { [key: string]: unknown };

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
