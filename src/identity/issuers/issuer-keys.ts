import { buffer } from 'node:stream/consumers';
import { createLocalJWKSet, createRemoteJWKSet, customFetch, type JWTVerifyGetKey } from 'jose';
import type { HonuaConfig } from '../../config/index.js';
import type { OutboundHttp } from '../../outbound-http/index.js';

export type Issuer = HonuaConfig['identity']['issuers'][number];

const MAX_BYTES = 1024 * 1024;
const TIMEOUT_MS = 5_000;
/** A token with a key that nobody knows asks the issuer for its keys, but not more often than this. */
const ASK_AGAIN_MS = 60_000;
const KEEP_MS = 10 * 60_000;

/** The keys that an issuer signs with: those of the configuration, or those that it shows. */
export function issuerKeys({ jwks, jwksUrl }: Issuer, outbound: OutboundHttp): JWTVerifyGetKey {
  if (jwks) return createLocalJWKSet(jwks);
  return createRemoteJWKSet(new URL(jwksUrl!), {
    cooldownDuration: ASK_AGAIN_MS,
    cacheMaxAge: KEEP_MS,
    timeoutDuration: TIMEOUT_MS,
    [customFetch]: async (url: string) => {
      const { status, body } = await outbound.call(url, {
        method: 'GET',
        headers: { accept: 'application/json' },
        maxBytes: MAX_BYTES,
        timeoutMs: TIMEOUT_MS,
      });
      return new Response(new Uint8Array(await buffer(body)), { status });
    },
  });
}
