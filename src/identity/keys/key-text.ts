import { randomBytes } from 'node:crypto';

/** `honua_`, twelve digits that may be shown, and 256 random bits that may not. */
const KEY = /^honua_([0-9a-f]{12})_[\w-]{43}$/;
const PREFIX_BYTES = 6;
const SECRET_BYTES = 32;

export function newKeyText(): { key: string; prefix: string } {
  const prefix = randomBytes(PREFIX_BYTES).toString('hex');
  return { key: `honua_${prefix}_${randomBytes(SECRET_BYTES).toString('base64url')}`, prefix };
}

/** The part of a key that it is looked up by; undefined for what is no key. */
export const prefixOf = (key: string): string | undefined => KEY.exec(key)?.[1];
