/** What a program may call what it leaves: names of folders and of a file, none of them hidden, none leading elsewhere. */
export const ARTIFACT_NAME = /^[A-Za-z0-9_-][A-Za-z0-9._-]*(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$/;

/** Throws Error for what is no key: nothing leads out of the store, or to what a store keeps for itself. */
export function requireKey(key: string): void {
  if (!ARTIFACT_NAME.test(key.replace(/\/$/, '')) || key.includes('..'))
    throw new Error(`Not an artifact key: ${key}`);
}
