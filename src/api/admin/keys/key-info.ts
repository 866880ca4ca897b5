import { z } from 'zod';
import type { ApiKey, MadeKey } from '../../../identity/index.js';

/** A key as operators are told of it. `key` is there once, when it is made. */
export interface KeyInfo {
  id: string;
  tenant: string;
  user: string;
  prefix: string;
  scopes: string[];
  createdAt: string;
  expiresAt?: string;
  lastUsedAt?: string;
  revokedAt?: string;
  key?: string;
}

export function keyInfo(key: ApiKey | MadeKey): KeyInfo {
  const { id, tenant, user, prefix, scopes, createdAt, expiresAt, lastUsedAt, revokedAt } = key;
  return {
    id,
    tenant,
    user,
    prefix: `honua_${prefix}`,
    scopes,
    createdAt: createdAt.toISOString(),
    ...(expiresAt && { expiresAt: expiresAt.toISOString() }),
    ...(lastUsedAt && { lastUsedAt: lastUsedAt.toISOString() }),
    ...(revokedAt && { revokedAt: revokedAt.toISOString() }),
    ...('key' in key && { key: key.key }),
  };
}

export const NEW_KEY = z.strictObject({
  user: z.string().min(1).max(200),
  scopes: z.array(z.enum(['read', 'execute', 'admin'])).min(1),
  expiresAt: z.iso
    .datetime({ offset: true })
    .refine((text) => Date.parse(text) > Date.now(), 'is in the past')
    .optional(),
});

const time = { type: 'string', format: 'date-time' };

export const KEY = {
  type: 'object',
  required: ['id', 'tenant', 'user', 'prefix', 'scopes', 'createdAt'],
  properties: {
    id: { type: 'string', format: 'uuid' },
    tenant: { type: 'string' },
    user: { type: 'string' },
    prefix: { type: 'string', description: 'What of the key may be shown' },
    scopes: { type: 'array', items: { type: 'string', enum: ['read', 'execute', 'admin'] } },
    createdAt: time,
    expiresAt: time,
    lastUsedAt: time,
    revokedAt: time,
    key: { type: 'string', description: 'Shown once, when it is made' },
  },
};

export const KEY_LIST = {
  type: 'object',
  required: ['keys'],
  properties: { keys: { type: 'array', items: KEY } },
};
