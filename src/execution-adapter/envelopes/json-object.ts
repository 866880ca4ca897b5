export type JsonObject = { [key: string]: unknown };

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A JSON pointer (RFC 6901) one level deeper; long names are cut, since they come from the caller. */
export function pointer(path: string, key: string): string {
  const shown = key.length > 80 ? `${key.slice(0, 80)}…` : key;
  return `${path}/${shown.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
