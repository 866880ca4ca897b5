const KEY = /^[A-Za-z0-9_-][A-Za-z0-9._-]*(\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*\/?$/;

/** Throws Error for what is no key: nothing leads out of the store, or to what a store keeps for itself. */
export function requireKey(key: string): void {
  if (!KEY.test(key) || key.includes('..')) throw new Error(`Not an artifact key: ${key}`);
}
