import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { Request } from 'express';
import { CONFIG, type HonuaConfig } from '../config/index.js';
import { Database, serviceSecret } from '../database/index.js';
import { AppError } from '../shared/app-error.js';
import { OPERATORS_TENANT, type Principal } from '../shared/principal.js';
import { Logins } from './logins.js';
import { Tokens } from './tokens.js';

/** Open mode: everybody is an operator, with every scope. */
const ANYBODY: Principal = {
  tenant: OPERATORS_TENANT,
  user: 'anonymous',
  scopes: ['execute', 'read', 'admin'],
};
const SECRET = 'sign-in-tokens';

/** Who callers are: everybody, or, where logins are configured, whoever has a token. */
@Injectable()
export class SignIn implements OnModuleInit {
  private readonly logins?: Logins;
  private tokens: Tokens;

  constructor(
    @Inject(CONFIG) private readonly config: HonuaConfig,
    private readonly database: Database,
  ) {
    if (config.identity.logins !== null) this.logins = new Logins(config.identity.logins);
  }

  async onModuleInit(): Promise<void> {
    this.tokens = new Tokens(await serviceSecret(this.database, SECRET));
  }

  /** Whether everybody may come in without saying who they are. */
  get open(): boolean {
    return this.logins === undefined;
  }

  get lifetimeMs(): number {
    return this.config.identity.tokenLifetime;
  }

  /** Takes a request for that of a token's holder. A token that is no good is remembered as that. */
  identify(request: Request, token: string | undefined): void {
    if (this.open) request.principal = ANYBODY;
    else if (token !== undefined && token !== '') {
      request.principal = this.tokens.verify(token);
      request.tokenRefused = request.principal === undefined;
    }
  }

  /** A token for at most the configured lifetime. Throws AppError `invalid-input`. */
  tokenFor(name: string, password: string, lifetimeMs: number): { token: string; expires: number } {
    const principal = this.logins?.find(name, password);
    if (!principal)
      throw new AppError('invalid-input', 'login-refused', 'The user name or the password is wrong.');
    return this.tokens.issue(principal, Math.min(lifetimeMs, this.lifetimeMs));
  }
}
