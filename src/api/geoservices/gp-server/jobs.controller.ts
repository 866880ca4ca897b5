import { Controller, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { BaseUrl, hangupOf } from '../../../execution-adapter/index.js';
import { MOST_ENTRIES } from '../../../execution/index.js';
import { Access, callerOf } from '../../../identity/index.js';
import type { Principal } from '../../../shared/principal.js';
import { type AnswerForm, answerForm, type Format } from '../answer/answer-form.js';
import { Answers } from '../answer/answers.js';
import { PREFIXES } from '../directory/directory.js';
import { GetAndPost } from '../request/get-and-post.js';
import { flag, type Parameters, whole } from '../request/parameters.js';
import { TakeRequest } from '../request/take-request.js';
import { jobPage, parameterPage } from './job-pages.js';
import { type FoundJob, Jobs } from './jobs.js';
import { type Look, ParameterAnswers } from './parameter-answers.js';
import { gpService } from './services.js';

interface Path {
  service: string;
  task?: string;
  jobId: string;
  parameter?: string;
}

const VALUE_FORMATS: Format[] = ['html', 'json', 'pjson', 'geojson'];

/** Jobs of an array where nobody says how many. */
const CHILDREN_AT_ONCE = 1_000;

/** One look at a job. */
interface Visit {
  principal: Principal;
  request: Request;
  response: Response;
  path: Path;
  parameters: Parameters;
  form: AnswerForm;
  job: FoundJob;
}

/** Jobs, below their task or, as a shorter way, below the service. */
@ApiExcludeController()
@Access({ scope: 'read', ids: ['jobId'] })
@Controller(
  PREFIXES.flatMap((prefix) =>
    ['jobs/:jobId', ':task/jobs/:jobId'].map((path) => `${prefix}/services/:service/GPServer/${path}`),
  ),
)
export class GpJobsController {
  // oxlint-disable-next-line max-params -- what is injected, not what a caller must know
  constructor(
    private readonly take: TakeRequest,
    private readonly answers: Answers,
    private readonly parameters: ParameterAnswers,
    private readonly jobs: Jobs,
    private readonly baseUrl: BaseUrl,
  ) {}

  @GetAndPost()
  async status(@Req() request: Request, @Res() response: Response, @Param() path: Path): Promise<void> {
    const visit = await this.visit(request, response, path);
    await this.tell(visit, visit.job);
  }

  @Access({ scope: 'execute', ids: ['jobId'] })
  @GetAndPost('cancel')
  async cancel(@Req() request: Request, @Res() response: Response, @Param() path: Path): Promise<void> {
    const visit = await this.visit(request, response, path);
    await this.tell(visit, await this.jobs.cancel(visit.principal, visit.job));
  }

  /** Beside the specification: the jobs of an array, each of which is asked for like any other. */
  @GetAndPost('children')
  async children(@Req() request: Request, @Res() response: Response, @Param() path: Path): Promise<void> {
    const visit = await this.visit(request, response, path);
    if (visit.form.format === 'html') return this.page(visit, visit.job);
    const page = {
      limit: whole(visit.parameters, 'resultrecordcount', MOST_ENTRIES, CHILDREN_AT_ONCE),
      offset: whole(visit.parameters, 'resultoffset', MOST_ENTRIES, 0),
    };
    const children = await this.jobs.children(visit.principal, visit.job, page);
    this.answers.json(visit.response, visit.form, children);
  }

  @GetAndPost(['results', 'inputs'])
  async list(@Req() request: Request, @Res() response: Response, @Param() path: Path): Promise<void> {
    const visit = await this.visit(request, response, path);
    const info = await this.jobs.info(visit.principal, visit.job, false);
    const urls = /\/inputs\/?(?:\?|$)/i.test(request.originalUrl) ? info.inputs : info.results;
    if (visit.form.format === 'html') return this.page(visit, visit.job);
    this.answers.json(response, visit.form, urls);
  }

  @GetAndPost('results/:parameter')
  async result(@Req() request: Request, @Res() response: Response, @Param() path: Path): Promise<void> {
    const visit = await this.visit(request, response, path);
    const wanted = visit.form.format === 'geojson' ? 'geojson' : 'result';
    await this.value(visit, 'results', (look) => this.parameters[wanted](visit.job, path.parameter!, look));
  }

  @GetAndPost('inputs/:parameter')
  async input(@Req() request: Request, @Res() response: Response, @Param() path: Path): Promise<void> {
    const visit = await this.visit(request, response, path);
    await this.value(visit, 'inputs', (look) => this.parameters.input(visit.job, path.parameter!, look));
  }

  private async visit(request: Request, response: Response, path: Path): Promise<Visit> {
    const parameters = await this.take.small(request);
    const form = answerForm(parameters, /\/results\/./.test(request.path) ? VALUE_FORMATS : undefined);
    gpService(path.service);
    const principal = callerOf(request);
    const job = await this.jobs.find(principal, path.jobId, path.task);
    return { principal, request, response, path, parameters, form, job };
  }

  private async tell(visit: Visit, job: FoundJob): Promise<void> {
    if (visit.form.format === 'html') return this.page(visit, job);
    const info = await this.jobs.info(visit.principal, job, flag(visit.parameters, 'returnmessages', true));
    this.answers.json(visit.response, visit.form, info);
  }

  private async page({ principal, request, response, path }: Visit, job: FoundJob): Promise<void> {
    const info = await this.jobs.info(principal, job, true);
    const base = this.baseUrl.of(request);
    this.answers.page(response, jobPage(base, gpService(path.service), { info, job }));
  }

  private async value(
    { principal, request, response, parameters, form, path, job }: Visit,
    kind: 'results' | 'inputs',
    write: (look: Look) => ReturnType<ParameterAnswers['result']>,
  ): Promise<void> {
    const base = this.baseUrl.of(request);
    const look = { principal, parameters, signal: hangupOf(response), base };
    if (form.format !== 'html') return this.answers.segments(response, form, await write(look));
    this.answers.page(
      response,
      parameterPage(base, gpService(path.service), { kind, name: path.parameter!, job }),
    );
  }
}
