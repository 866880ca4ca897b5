import { createHmac, timingSafeEqual } from 'node:crypto';
import { AppError } from '../shared/app-error.js';

/** What a link gives: one output of one run, to whoever holds it. */
export interface LinkClaims {
  tenant: string;
  runId: string;
  outputId: string;
}

export interface SignedLink {
  /** URL-safe. */
  token: string;
  expiresAt: Date;
}

/**
 * Time-limited links to outputs. Whoever holds the token may read that output until it expires, and no longer than the
 * run itself lives. The expiry moves in steps counted from when the run ended, so that the same result carries the same
 * links for as long as possible: a link lasts between half of `lifetimeMs` and all of it.
 */
export class ArtifactLinks {
  constructor(
    private readonly secret: Uint8Array,
    private readonly lifetimeMs: number,
    private readonly now: () => number = Date.now,
  ) {}

  sign(claims: LinkClaims, endedAt: Date): SignedLink {
    const step = Math.max(this.lifetimeMs / 2, 1);
    const elapsed = Math.max(this.now() - endedAt.getTime(), 0);
    const expires = Math.round(endedAt.getTime() + (Math.floor(elapsed / step) + 2) * step);
    const { tenant, runId, outputId } = claims;
    const body = Buffer.from(JSON.stringify([tenant, runId, outputId, expires])).toString('base64url');
    return { token: `${body}.${this.mac(body).toString('base64url')}`, expiresAt: new Date(expires) };
  }

  /** Throws AppError: `not-found` for a token that was never given out, `gone` for an expired one. */
  verify(token: string): LinkClaims {
    const [body, mac, ...rest] = token.split('.');
    if (!body || !mac || rest.length > 0) throw unknownLink();
    const sent = Buffer.from(mac, 'base64url');
    const right = this.mac(body);
    if (sent.length !== right.length || !timingSafeEqual(sent, right)) throw unknownLink();
    const [tenant, runId, outputId, expires] = JSON.parse(Buffer.from(body, 'base64url').toString()) as [
      string,
      string,
      string,
      number,
    ];
    if (expires <= this.now()) throw new AppError('gone', 'link-expired', 'This link has expired.');
    return { tenant, runId, outputId };
  }

  private mac(body: string): Buffer {
    return createHmac('sha256', this.secret).update(body).digest();
  }
}

const unknownLink = (): AppError =>
  new AppError('not-found', 'link-not-found', 'There is nothing at this link.');
