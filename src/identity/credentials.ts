import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { CONFIG, type HonuaConfig } from '../config/index.js';
import { Database, serviceSecret } from '../database/index.js';
import { BearerJwts } from './issuers/bearer-jwts.js';
import { ApiKeys } from './keys/api-keys.js';
import { BootstrapKey } from './keys/bootstrap-key.js';
import { Logins } from './logins.js';
import { Tenants } from './tenants/tenants.js';
import { type Holder, Tokens } from './tokens.js';

const SECRET = 'sign-in-tokens';
const JWT = /^[\w-]+\.[\w-]+\.[\w-]*$/;

/** Everything that says who somebody is: keys, tokens of issuers, tokens of ours, names and passwords. */
@Injectable()
export class Credentials implements OnModuleInit {
  private readonly logins?: Logins;
  private readonly bootstrap?: BootstrapKey;
  private tokens: Tokens;

  // oxlint-disable-next-line max-params -- what is injected, not what a caller must know
  constructor(
    @Inject(CONFIG) { identity }: HonuaConfig,
    private readonly database: Database,
    private readonly keys: ApiKeys,
    private readonly jwts: BearerJwts,
    private readonly tenants: Tenants,
  ) {
    if (identity.logins !== null) this.logins = new Logins(identity.logins);
    if (identity.bootstrapKey !== null) this.bootstrap = new BootstrapKey(identity.bootstrapKey);
  }

  async onModuleInit(): Promise<void> {
    this.tokens = new Tokens(await serviceSecret(this.database, SECRET));
    for (const tenant of this.logins?.tenants ?? []) await this.tenants.enter(tenant);
  }

  /** Who holds this key or token; undefined where it is no good, or its tenant is shut out. */
  async holderOf(credential: string): Promise<Holder | undefined> {
    return this.letIn(await this.judge(credential));
  }

  /** By a name and its password; or a key in the place of the password, with any name. */
  async signIn(name: string, password: string): Promise<Holder | undefined> {
    const principal = this.logins?.find(name, password);
    return this.letIn(principal ? { principal } : await this.byKey(password));
  }

  /** A token of ours, for somebody who came in. */
  issue(holder: Holder, lifetimeMs: number): { token: string; expires: number } {
    return this.tokens.issue(holder, lifetimeMs);
  }

  /** When a token of ours is over; undefined where it is no good. */
  async endOf(token: string): Promise<number | undefined> {
    const held = this.tokens.verify(token);
    return (await this.letIn(held)) && held?.expires;
  }

  /** The holder, if nothing has ended since that it stands on: its key, its tenant. */
  async letIn(holder: Holder | undefined): Promise<Holder | undefined> {
    if (!holder) return undefined;
    const { key, principal } = holder;
    if (key !== undefined && key !== this.bootstrap?.mark && !(await this.keys.lives(key))) return undefined;
    return (await this.tenants.letsIn(principal.tenant)) ? holder : undefined;
  }

  private async judge(credential: string): Promise<Holder | undefined> {
    const byKey = await this.byKey(credential);
    if (byKey) return byKey;
    if (!JWT.test(credential)) return this.tokens.verify(credential);
    const principal = await this.jwts.verify(credential);
    return principal && { principal };
  }

  private async byKey(text: string): Promise<Holder | undefined> {
    const first = this.bootstrap?.verify(text);
    if (first) return { principal: first, key: this.bootstrap!.mark };
    const found = await this.keys.verify(text);
    return found && { principal: found.principal, key: found.prefix };
  }
}
