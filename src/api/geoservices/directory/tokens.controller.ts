import { Controller, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { OpenToAll, SignIn } from '../../../identity/index.js';
import { invalidInput } from '../../../shared/app-error.js';
import { answerForm } from '../answer/answer-form.js';
import { Answers } from '../answer/answers.js';
import { GetAndPost } from '../request/get-and-post.js';
import { TakeRequest } from '../request/take-request.js';

const MINUTE_MS = 60_000;
const USUAL_MINUTES = 60;

/** Tokens for names and passwords, at all the places where clients look for them. */
@ApiExcludeController()
@OpenToAll()
@Controller('arcgis')
export class TokensController {
  constructor(
    private readonly take: TakeRequest,
    private readonly answers: Answers,
    private readonly signIn: SignIn,
  ) {}

  @GetAndPost(['tokens', 'tokens/generateToken', 'admin/generateToken', 'rest/generateToken'])
  async generateToken(@Req() request: Request, @Res() response: Response): Promise<void> {
    const parameters = await this.take.small(request);
    if (this.signIn.open)
      throw invalidInput('This server is open to everybody: it gives no tokens, and needs none.');
    // What stands in a URL is written down on its way.
    if (request.method !== 'POST' || /[?&]password=/i.test(request.originalUrl))
      throw invalidInput('Send username and password as a form, by POST.');
    const minutes = Number(parameters.get('expiration') ?? USUAL_MINUTES);
    if (!(minutes > 0)) throw invalidInput('expiration must be a number of minutes.');
    const [name, password] = [parameters.get('username') ?? '', parameters.get('password') ?? ''];
    const held = parameters.get('token') ?? '';
    // Clients that are signed in ask again, with their token, for each server that they meet.
    const { token, expires } =
      name === '' && held !== ''
        ? await this.signIn.tokenAgain(held)
        : await this.signIn.tokenFor(request, { name, password, lifetimeMs: minutes * MINUTE_MS });
    const { format, callback } = answerForm(parameters);
    const form = { format: format === 'html' ? ('json' as const) : format, callback };
    this.answers.json(response, form, { token, expires, ssl: request.secure });
  }
}
