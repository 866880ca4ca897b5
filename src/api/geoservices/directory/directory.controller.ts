import { Controller, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { BaseUrl } from '../../../execution-adapter/index.js';
import { OpenToAll, SignIn } from '../../../identity/index.js';
import { answerForm } from '../answer/answer-form.js';
import { Answers } from '../answer/answers.js';
import { GetAndPost } from '../request/get-and-post.js';
import { TakeRequest } from '../request/take-request.js';
import { infoPage, servicesPage } from './directory-pages.js';
import { PREFIXES, serverInfo, servicesDocument } from './directory.js';

/** Where newer servers have their geometry service. */
const UTILITIES = 'Utilities';

const MINUTE_MS = 60_000;

@ApiExcludeController()
@OpenToAll()
@Controller(PREFIXES)
export class DirectoryController {
  constructor(
    private readonly take: TakeRequest,
    private readonly answers: Answers,
    private readonly baseUrl: BaseUrl,
    private readonly signIn: SignIn,
  ) {}

  @GetAndPost('info')
  async info(@Req() request: Request, @Res() response: Response): Promise<void> {
    const form = answerForm(await this.take.small(request));
    const minutes = this.signIn.open ? undefined : this.signIn.lifetimeMs / MINUTE_MS;
    const document = serverInfo(this.baseUrl.of(request), minutes);
    if (form.format !== 'html') return this.answers.json(response, form, document);
    this.answers.page(response, infoPage(this.baseUrl.of(request), document));
  }

  @GetAndPost(['services', '/'])
  async services(@Req() request: Request, @Res() response: Response): Promise<void> {
    await this.list(request, response);
  }

  @GetAndPost(`services/${UTILITIES}`)
  async utilities(@Req() request: Request, @Res() response: Response): Promise<void> {
    await this.list(request, response, UTILITIES);
  }

  private async list(request: Request, response: Response, folder = ''): Promise<void> {
    const form = answerForm(await this.take.small(request));
    const document = servicesDocument(folder);
    if (form.format !== 'html') return this.answers.json(response, form, document);
    this.answers.page(response, servicesPage(this.baseUrl.of(request), folder, document));
  }
}
