import { Controller, Inject, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { CONFIG, type HonuaConfig } from '../../../config/index.js';
import { BaseUrl } from '../../../execution-adapter/index.js';
import { OpenToAll } from '../../../identity/index.js';
import { answerForm } from '../answer/answer-form.js';
import { Answers } from '../answer/answers.js';
import { PREFIXES } from '../directory/directory.js';
import { GetAndPost } from '../request/get-and-post.js';
import { TakeRequest } from '../request/take-request.js';
import { describeService } from './describe-service.js';
import { describeTask } from './describe-task.js';
import { servicePage, taskPage } from './gp-pages.js';
import { gpService } from './services.js';
import { Tasks } from './tasks.js';

/** What there is to run. */
@ApiExcludeController()
@OpenToAll()
@Controller(PREFIXES.map((prefix) => `${prefix}/services/:service/GPServer`))
export class GpServiceController {
  // oxlint-disable-next-line max-params -- what is injected, not what a caller must know
  constructor(
    private readonly take: TakeRequest,
    private readonly answers: Answers,
    private readonly baseUrl: BaseUrl,
    private readonly tasks: Tasks,
    @Inject(CONFIG) private readonly config: HonuaConfig,
  ) {}

  @GetAndPost()
  async service(
    @Req() request: Request,
    @Res() response: Response,
    @Param('service') name: string,
  ): Promise<void> {
    const form = answerForm(await this.take.small(request));
    const service = gpService(name);
    const document = describeService(service, this.tasks.names(), this.config.limits.maxOutputFeatures);
    if (form.format !== 'html') return this.answers.json(response, form, document);
    this.answers.page(response, servicePage(this.baseUrl.of(request), service, document));
  }

  @GetAndPost(':task')
  async task(
    @Req() request: Request,
    @Res() response: Response,
    @Param() path: { service: string; task: string },
  ): Promise<void> {
    const form = answerForm(await this.take.small(request));
    const service = gpService(path.service);
    const { definition } = this.tasks.find(path.task);
    const base = this.baseUrl.of(request);
    const document = describeTask(definition, service.executionType, base);
    if (form.format !== 'html') return this.answers.json(response, form, document);
    this.answers.page(response, taskPage(base, service, document));
  }
}
