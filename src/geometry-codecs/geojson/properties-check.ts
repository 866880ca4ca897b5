/** Deeper values cannot be written out again (JSON.stringify gives up at some thousands). */
const DEEPEST = 64;

/** What is wrong with a feature's properties. Attributes are kept as they are, so they must be writable as JSON. */
export function checkProperties(value: unknown): string | undefined {
  if (value === null) return undefined;
  if (typeof value !== 'object' || Array.isArray(value)) return 'must be an object or null';
  return checkValue(value, 0);
}

function checkValue(value: unknown, depth: number): string | undefined {
  if (typeof value === 'number')
    return Number.isFinite(value) ? undefined : 'holds a number that is not finite';
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth >= DEEPEST) return 'is nested too deeply';
  // Object.values, since a key may be called __proto__.
  for (const member of Array.isArray(value) ? (value as unknown[]) : Object.values(value)) {
    const wrong = checkValue(member, depth + 1);
    if (wrong) return wrong;
  }
  return undefined;
}
