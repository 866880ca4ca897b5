import { Controller, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { BaseUrl, decodeBody } from '../../execution-adapter/index.js';
import { OpenToAll, Sessions, SignIn, viewerOf } from '../../identity/index.js';
import { pageHeaders, renderPage } from '../../pages/index.js';
import { AppError, invalidInput } from '../../shared/app-error.js';
import { signInPage } from './sign-in.page.js';
import { placeToGoOn } from './way-to-sign-in.js';

const LARGEST_FORM = 16_384;

/** Who signs in here has a cookie from then on, for the pages and what they fetch. */
@ApiExcludeController()
@OpenToAll()
@Controller()
export class SignInController {
  constructor(
    private readonly signIn: SignIn,
    private readonly sessions: Sessions,
    private readonly baseUrl: BaseUrl,
  ) {}

  @Get('sign-in')
  form(@Req() request: Request, @Res() response: Response): void {
    this.requireSignIn();
    const { to } = request.query;
    this.page(request, response, { to: typeof to === 'string' ? to : '/' });
  }

  @Post('sign-in')
  async enter(@Req() request: Request, @Res() response: Response): Promise<void> {
    this.requireSignIn();
    this.sessions.requireOwnOrigin(request);
    const fields = await readForm(request);
    const to = fields.get('to') ?? '/';
    const name = fields.get('username') ?? '';
    try {
      const holder = await this.signIn.signIn(request, name, fields.get('password') ?? '');
      this.sessions.begin(request, response, holder);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'login-refused') throw error;
      response.status(401);
      return this.page(request, response, { to, name, trouble: error.message });
    }
    this.goOn(request, response, to);
  }

  @Post('sign-out')
  @HttpCode(303)
  async leave(@Req() request: Request, @Res() response: Response): Promise<void> {
    const fields = await readForm(request);
    this.sessions.requireOwnPage(request, fields.get('csrf') ?? undefined);
    this.sessions.end(request, response);
    this.goOn(request, response, '/');
  }

  private page(
    request: Request,
    response: Response,
    form: { to: string; name?: string; trouble?: string },
  ): void {
    const root = new URL(this.baseUrl.of(request)).pathname.replace(/\/$/, '');
    const { frame, content } = signInPage({ root, ...form });
    pageHeaders(response);
    response.setHeader('cache-control', 'no-store');
    response.end(renderPage({ ...frame, viewer: viewerOf(request) }, content));
  }

  private goOn(request: Request, response: Response, to: string): void {
    response.status(303).setHeader('location', placeToGoOn(to, this.baseUrl.of(request)));
    response.setHeader('cache-control', 'no-store').end();
  }

  private requireSignIn(): void {
    if (this.signIn.open)
      throw new AppError('not-found', 'open-to-all', 'This server is open to everybody: nobody signs in.');
  }
}

async function readForm(request: Request): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  let size = 0;
  const { chunks: incoming } = decodeBody(request);
  for (let next = await incoming.next(); !next.done; next = await incoming.next()) {
    size += next.value.length;
    if (size > LARGEST_FORM) throw invalidInput('The form is too large.');
    chunks.push(next.value);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
}
