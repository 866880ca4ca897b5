import { invalidInput } from '../../shared/app-error.js';
import type { RuleHistoryEntry, StoredRule } from '../../control-plane/index.js';

/** When and by whom something was last changed, and the version that a change must name. */
export interface Stamp {
  version: number;
  updatedAt: Date;
  updatedBy: string;
}

export const stampOf = ({ version, updatedAt, updatedBy }: StoredRule<unknown>): Stamp => ({
  version,
  updatedAt,
  updatedBy,
});

const STAMP = {
  version: { type: 'integer' },
  updatedAt: { type: 'string', format: 'date-time' },
  updatedBy: { type: 'string' },
};

export const withStamp = (properties: object): object => ({
  type: 'object',
  properties: { ...properties, ...STAMP },
});

export interface History {
  /** Newest first. */
  history: RuleHistoryEntry[];
}

export const HISTORY = {
  type: 'object',
  required: ['history'],
  properties: {
    history: {
      type: 'array',
      items: {
        type: 'object',
        required: ['version', 'at', 'who'],
        properties: {
          version: { type: 'integer' },
          at: { type: 'string', format: 'date-time' },
          who: { type: 'string' },
          before: { type: 'object', nullable: true },
          after: { type: 'object', nullable: true },
        },
      },
    },
  },
};

const TENANT = /^[^\s/]{1,200}$/;

/** A pipe for the tenant of a path. Throws AppError `invalid-input`. */
export const tenantId = {
  transform(value: string): string {
    if (TENANT.test(value)) return value;
    throw invalidInput('The name of a tenant has 1 to 200 characters, no spaces and no slashes.');
  },
};
