import { z } from 'zod';
import { duration, list } from './value-types.js';

/** In the environment, what is more than one value is JSON. What is none stays text, and a fault. */
export function fromJson(value: unknown): unknown {
  try {
    return typeof value === 'string' ? (JSON.parse(value) as unknown) : value;
  } catch {
    return value;
  }
}

/** Signatures that only the issuer can make: with a shared secret, or none, a token proves nothing. */
const SIGNATURES = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];

export const issuer = z
  .strictObject({
    issuer: z.string().min(1).describe('claim `iss`, to the letter'),
    audience: z.string().min(1).describe('must be in claim `aud`'),
    jwksUrl: z.url().optional().describe('where its keys are'),
    jwks: z
      .object({ keys: z.array(z.looseObject({ kty: z.string() })) })
      .optional()
      .describe('or its keys'),
    algorithms: list(z.enum(SIGNATURES)).default(['RS256', 'ES256']),
    types: list(z.string().toLowerCase()).default(['at+jwt', 'jwt']).describe('header `typ`'),
    tenant: z.string().min(1).optional().describe('whose tokens these are, where all are of one tenant'),
    tenantClaim: z.string().default('tenant'),
    scopeClaim: z.string().default('scope'),
    scopes: z
      .record(z.string(), z.enum(['execute', 'read', 'admin']))
      .default({ execute: 'execute', read: 'read' })
      .describe('what a scope of the issuer is here; others are nothing'),
    clockSkew: duration.default(30_000),
  })
  .refine(
    ({ jwks, jwksUrl }) => (jwks === undefined) !== (jwksUrl === undefined),
    'has either jwksUrl or jwks',
  );
