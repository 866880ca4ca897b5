import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Principal, Scope } from '../shared/principal.js';

/** Who came in, and by which key, if it was one: what the key opened ends with it. */
export interface Holder {
  principal: Principal;
  key?: string;
}

/** Signed texts that say who their holder is, and until when. */
export class Tokens {
  constructor(
    private readonly secret: Uint8Array,
    private readonly now: () => number = Date.now,
  ) {}

  issue({ principal, key }: Holder, lifetimeMs: number): { token: string; expires: number } {
    const { tenant, user, scopes } = principal;
    const expires = this.now() + lifetimeMs;
    const body = Buffer.from(JSON.stringify([tenant, user, scopes, expires, key])).toString('base64url');
    return { token: `${body}.${this.mac(body).toString('base64url')}`, expires };
  }

  /** Undefined for a token that was never issued, or is over; `expires` in milliseconds since 1970. */
  verify(token: string): (Holder & { expires: number }) | undefined {
    const [body = '', mac = ''] = token.split('.');
    if (!sameBytes(Buffer.from(mac, 'base64url'), this.mac(body))) return undefined;
    const [tenant, user, scopes, expires, key] = JSON.parse(Buffer.from(body, 'base64url').toString()) as [
      string,
      string,
      Scope[],
      number,
      string | null,
    ];
    if (expires <= this.now()) return undefined;
    return { principal: { tenant, user, scopes }, ...(key !== null && { key }), expires };
  }

  private mac(body: string): Buffer {
    return createHmac('sha256', this.secret).update(body).digest();
  }
}

export const sameBytes = (sent: Uint8Array, right: Uint8Array): boolean =>
  sent.length === right.length && timingSafeEqual(sent, right);
