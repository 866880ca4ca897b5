import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Principal, Scope } from '../shared/principal.js';

/** Signed tokens that say who their holder is, and until when. */
export class Tokens {
  constructor(
    private readonly secret: Uint8Array,
    private readonly now: () => number = Date.now,
  ) {}

  issue({ tenant, user, scopes }: Principal, lifetimeMs: number): { token: string; expires: number } {
    const expires = this.now() + lifetimeMs;
    const body = Buffer.from(JSON.stringify([tenant, user, scopes, expires])).toString('base64url');
    return { token: `${body}.${this.mac(body).toString('base64url')}`, expires };
  }

  /** Undefined for a token that was never issued, or is over. */
  verify(token: string): Principal | undefined {
    return this.read(token)?.principal;
  }

  /** As `verify`, with the time it is over at, in milliseconds since 1970. */
  read(token: string): { principal: Principal; expires: number } | undefined {
    const [body = '', mac = ''] = token.split('.');
    const sent = Buffer.from(mac, 'base64url');
    const right = this.mac(body);
    if (sent.length !== right.length || !timingSafeEqual(sent, right)) return undefined;
    const [tenant, user, scopes, expires] = JSON.parse(Buffer.from(body, 'base64url').toString()) as [
      string,
      string,
      Scope[],
      number,
    ];
    return expires > this.now() ? { principal: { tenant, user, scopes }, expires } : undefined;
  }

  private mac(body: string): Buffer {
    return createHmac('sha256', this.secret).update(body).digest();
  }
}
