import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import type { Request } from 'express';
import { CONFIG, type HonuaConfig } from '../config/index.js';
import { AppError } from '../shared/app-error.js';
import { OPERATORS_TENANT, type Principal } from '../shared/principal.js';
import { Credentials } from './credentials.js';
import { FailedAttempts } from './failed-attempts.js';
import { ApiKeys } from './keys/api-keys.js';
import type { Holder } from './tokens.js';

/** Open mode: everybody is an operator, with every scope. */
const ANYBODY: Principal = {
  tenant: OPERATORS_TENANT,
  user: 'anonymous',
  scopes: ['execute', 'read', 'admin'],
};

/** Who callers are: everybody the same, or whoever shows something that says so. */
@Injectable()
export class SignIn implements OnApplicationBootstrap {
  private readonly log = new Logger(SignIn.name);
  private readonly failures: FailedAttempts;

  constructor(
    @Inject(CONFIG) private readonly config: HonuaConfig,
    private readonly credentials: Credentials,
    private readonly keys: ApiKeys,
  ) {
    const { max, per } = config.identity.failedAttempts;
    this.failures = new FailedAttempts({ max, perMs: per });
  }

  /** A service that nobody can come in to is refused here rather than found out later. */
  async onApplicationBootstrap(): Promise<void> {
    const { logins, bootstrapKey, issuers } = this.config.identity;
    if (this.open || logins !== null || bootstrapKey !== null || issuers.length > 0) return;
    if (await this.keys.any()) return;
    throw new AppError(
      'unavailable',
      'identity-nobody',
      'identity.mode is required, but nobody can sign in: set HONUA_ADMIN_KEY to a key of your own for the first operator.',
    );
  }

  /** Whether everybody may come in without saying who they are. */
  get open(): boolean {
    return this.config.identity.mode === 'open';
  }

  get lifetimeMs(): number {
    return this.config.identity.tokenLifetime;
  }

  /**
   * Takes a request for that of a credential's holder. One that is no good is remembered as that; throws AppError
   * `rejected` where there were too many of them.
   */
  async identify(request: Request, credential: string | undefined): Promise<void> {
    if (this.open) request.principal = ANYBODY;
    else if (credential !== undefined && credential !== '') {
      const holder = await this.credentials.holderOf(credential);
      request.principal = holder?.principal;
      request.session = undefined;
      request.tokenRefused = holder === undefined;
      if (!holder) this.failed(request);
    }
  }

  /** Throws AppError `invalid-input`, `rejected`. */
  async signIn(request: Request, name: string, password: string): Promise<Holder> {
    this.requirePatience(request);
    const holder = password === '' ? undefined : await this.credentials.signIn(name, password);
    if (holder) return holder;
    this.failed(request);
    throw new AppError('invalid-input', 'login-refused', 'The user name or the password is wrong.');
  }

  /** A token that is good, once more; it is over when it would have been. Throws AppError `unauthenticated`. */
  async tokenAgain(token: string): Promise<{ token: string; expires: number }> {
    const expires = await this.credentials.endOf(token);
    if (expires !== undefined) return { token, expires };
    throw new AppError('unauthenticated', 'token-invalid', 'The token is no good, or is over.');
  }

  /** A token for at most the configured lifetime. Throws as `signIn` does. */
  async tokenFor(
    request: Request,
    { name, password, lifetimeMs }: { name: string; password: string; lifetimeMs: number },
  ): Promise<{ token: string; expires: number }> {
    const holder = await this.signIn(request, name, password);
    return this.credentials.issue(holder, Math.min(lifetimeMs, this.lifetimeMs));
  }

  /** Keys and tokens cannot be guessed, so right ones are taken from everywhere; wrong ones are answered like this. */
  private failed(request: Request): void {
    const address = request.ip ?? '';
    this.requirePatience(request);
    this.failures.add(address);
    this.log.warn(`A credential was refused, from ${address}`);
  }

  private requirePatience({ ip }: Request): void {
    const seconds = this.failures.waitFor(ip ?? '');
    if (seconds === undefined) return;
    throw new AppError(
      'rejected',
      'too-many-failures',
      'Too many failed attempts to sign in: wait a while.',
      {
        retryAfterSeconds: seconds,
      },
    );
  }
}
