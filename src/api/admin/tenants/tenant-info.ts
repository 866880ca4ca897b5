import { z } from 'zod';
import type { Tenant } from '../../../identity/index.js';

/** A tenant as operators are told of it. */
export interface TenantInfo {
  id: string;
  title?: string;
  enabled: boolean;
  /** RFC 3339, in UTC. */
  createdAt: string;
}

export const tenantInfo = ({ id, title, enabled, createdAt }: Tenant): TenantInfo => ({
  id,
  ...(title !== null && { title }),
  enabled,
  createdAt: createdAt.toISOString(),
});

const TENANT_ID = /^[\w][\w.-]{0,63}$/;
const title = z.string().min(1).max(200);

export const NEW_TENANT = z.strictObject({
  id: z.string().regex(TENANT_ID, 'up to 64 letters, digits, ., _ and -'),
  title: title.optional(),
  enabled: z.boolean().optional(),
});
export const TENANT_CHANGE = z.strictObject({
  title: title.nullable().optional(),
  enabled: z.boolean().optional(),
});

export const TENANT = {
  type: 'object',
  required: ['id', 'enabled', 'createdAt'],
  properties: {
    id: { type: 'string' },
    title: { type: 'string' },
    enabled: { type: 'boolean' },
    createdAt: { type: 'string', format: 'date-time' },
  },
  example: { id: 'acme', title: 'Acme', enabled: true, createdAt: '2026-11-26T08:00:00.000Z' },
};

export const TENANT_LIST = {
  type: 'object',
  required: ['tenants'],
  properties: { tenants: { type: 'array', items: TENANT } },
};
