import { createHmac } from 'node:crypto';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { Request, Response } from 'express';
import { CONFIG, type HonuaConfig } from '../config/index.js';
import { Database, serviceSecret } from '../database/index.js';
import { AppError } from '../shared/app-error.js';
import { Credentials } from './credentials.js';
import { type Holder, sameBytes, Tokens } from './tokens.js';

const SECRET = 'sessions';
const CSRF_HEADER = 'x-csrf-token';
/** Browsers take a cookie of the first name only from this very host, over TLS, for all of it. */
const NAMES = { secure: '__Host-honua', plain: 'honua-session' };
/** Pages' own scripts read it, and send it back in a header: no other site's page can. */
const CSRF_COOKIE = 'honua-csrf';

/** Who signed in on a page: a cookie, and the token that a page sends back with what it changes. */
@Injectable()
export class Sessions implements OnModuleInit {
  private secret: Buffer;
  private tokens: Tokens;

  constructor(
    @Inject(CONFIG) private readonly config: HonuaConfig,
    private readonly database: Database,
    private readonly credentials: Credentials,
  ) {}

  async onModuleInit(): Promise<void> {
    this.secret = await serviceSecret(this.database, SECRET);
    this.tokens = new Tokens(this.secret);
  }

  /** Takes a request for that of whoever signed in on a page, if it comes with the cookie. */
  async identify(request: Request): Promise<void> {
    const cookie = cookieOf(request, this.isSecure(request) ? NAMES.secure : NAMES.plain);
    const holder = cookie === undefined ? undefined : this.tokens.verify(cookie);
    const living = await this.credentials.letIn(holder);
    if (!living) return;
    request.principal = living.principal;
    request.session = { csrf: this.csrfOf(cookie!) };
  }

  begin(request: Request, response: Response, holder: Holder): void {
    const lifetime = this.config.identity.sessionLifetime;
    const { token } = this.tokens.issue(holder, lifetime);
    this.setCookies(request, response, { session: token, csrf: this.csrfOf(token), maxAge: lifetime });
  }

  end(request: Request, response: Response): void {
    this.setCookies(request, response, { session: '', csrf: '', maxAge: 0 });
  }

  /**
   * Holds a request that changes something, and is known by the cookie alone, to come from a page of this service:
   * by where it says it comes from, and by the token. Throws AppError `forbidden`.
   */
  requireOwnPage(request: Request, token = request.get(CSRF_HEADER)): void {
    this.requireOwnOrigin(request);
    if (!request.session) return;
    const right = Buffer.from(request.session.csrf);
    if (!sameBytes(Buffer.from(token ?? ''), right)) throw foreign();
  }

  requireOwnOrigin(request: Request): void {
    const from = request.get('origin') ?? request.get('referer');
    const site = request.get('sec-fetch-site');
    const own =
      from === undefined
        ? site === 'same-origin' || site === 'none'
        : originOf(from) === this.origin(request);
    if (!own) throw foreign();
  }

  private csrfOf(session: string): string {
    return createHmac('sha256', this.secret).update(`csrf:${session}`).digest('base64url');
  }

  private setCookies(
    request: Request,
    response: Response,
    { session, csrf, maxAge }: { session: string; csrf: string; maxAge: number },
  ): void {
    const secure = this.isSecure(request);
    const common = { path: '/', sameSite: 'lax' as const, secure, maxAge };
    response.cookie(secure ? NAMES.secure : NAMES.plain, session, { ...common, httpOnly: true });
    response.cookie(CSRF_COOKIE, csrf, common);
  }

  private isSecure(request: Request): boolean {
    return this.origin(request).startsWith('https:');
  }

  /** Of this service, as the browser knows it. */
  private origin({ protocol, host }: Request): string {
    return originOf(this.config.server.publicUrl ?? `${protocol}://${host}`);
  }
}

function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : '';
}

function cookieOf(request: Request, name: string): string | undefined {
  for (const part of request.get('cookie')?.split(';') ?? []) {
    const at = part.indexOf('=');
    if (part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return undefined;
}

const foreign = (): AppError =>
  new AppError(
    'forbidden',
    'not-from-this-page',
    'This must come from a page of this service: load it again.',
  );
