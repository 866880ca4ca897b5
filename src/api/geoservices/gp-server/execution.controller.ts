import { Controller, Param, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { GetRunEvents, type ProcessRun } from '../../../control-plane/index.js';
import { BaseUrl, hangupOf, taskName } from '../../../execution-adapter/index.js';
import { Access, callerOf } from '../../../identity/index.js';
import { type AnswerForm, answerForm } from '../answer/answer-form.js';
import { Answers } from '../answer/answers.js';
import { PREFIXES } from '../directory/directory.js';
import { rootOf } from '../directory/directory-frame.js';
import { GetAndPost } from '../request/get-and-post.js';
import { flag, parametersOf } from '../request/parameters.js';
import { describeTask } from './describe-task.js';
import { jobIdOf } from './job-id.js';
import { jobStatus } from './job-info.js';
import { messagesOf } from './messages.js';
import { type Operation, operationPage } from './operation-page.js';
import { ParameterAnswers } from './parameter-answers.js';
import { gpService } from './services.js';
import { SubmitTask, type TaskCall } from './submit-task.js';
import { Tasks } from './tasks.js';

type Path = { service: string; task: string };

/** Running a task: while the caller waits, or as a job. */
@ApiExcludeController()
@Access({ scope: 'execute' })
@Controller(PREFIXES.map((prefix) => `${prefix}/services/:service/GPServer`))
export class GpExecutionController {
  // oxlint-disable-next-line max-params -- what is injected, not what a caller must know
  constructor(
    private readonly answers: Answers,
    private readonly parameters: ParameterAnswers,
    private readonly submitting: SubmitTask,
    private readonly tasks: Tasks,
    private readonly queries: QueryBus,
    private readonly baseUrl: BaseUrl,
  ) {}

  @GetAndPost(':task/execute')
  async execute(@Req() request: Request, @Res() response: Response, @Param() path: Path): Promise<void> {
    const call = this.call({ request, response }, path);
    if (wantsForm(request)) return this.form(call, path, 'execute');
    const run = await this.submitting.runToEnd(call, (parameters) => void answerForm(parameters));
    if (!run) return;
    const form = this.formOf(request);
    if (form.format === 'html') return this.toJobPage(call, path, run);
    const parameters = parametersOf(request);
    const principal = callerOf(request);
    const look = { principal, parameters, signal: hangupOf(response), base: this.baseUrl.of(request) };
    const events = flag(parameters, 'returnmessages', true)
      ? await this.queries.execute(new GetRunEvents(principal, run.id, 0))
      : [];
    const segments = await this.parameters.all(run, messagesOf(events), {
      definition: call.definition,
      look,
    });
    await this.answers.segments(response, form, segments);
  }

  @GetAndPost(':task/submitJob')
  async submitJob(@Req() request: Request, @Res() response: Response, @Param() path: Path): Promise<void> {
    const call = this.call({ request, response }, path);
    if (wantsForm(request)) return this.form(call, path, 'submitJob');
    const { run } = await this.submitting.submit(call, 'async', {
      check: (parameters) => void answerForm(parameters),
      signal: hangupOf(response),
    });
    const form = this.formOf(request);
    if (form.format === 'html') return this.toJobPage(call, path, run);
    this.answers.json(response, form, { jobId: jobIdOf(run.id), jobStatus: jobStatus(run) });
  }

  private call(exchange: Pick<TaskCall, 'request' | 'response'>, path: Path): TaskCall {
    gpService(path.service);
    return { ...exchange, ...this.tasks.find(path.task) };
  }

  private formOf(request: Request): AnswerForm {
    return answerForm(parametersOf(request));
  }

  private form({ request, response, definition }: TaskCall, { service }: Path, operation: Operation): void {
    const base = this.baseUrl.of(request);
    const found = gpService(service);
    this.answers.page(
      response,
      operationPage(base, found, { task: describeTask(definition, found.executionType, base), operation }),
    );
  }

  private toJobPage(
    { request, response, definition }: TaskCall,
    { service }: Path,
    { id }: ProcessRun,
  ): void {
    const root = rootOf(this.baseUrl.of(request));
    const { name } = gpService(service);
    const page = `${root}/arcgis/rest/services/${name}/GPServer/${taskName(definition.id)}/jobs/${jobIdOf(id)}`;
    response.status(303).setHeader('location', page).end();
  }
}

/** A person who comes without anything to run gets a form to fill in. */
function wantsForm(request: Request): boolean {
  const sent = [...parametersOf(request)].filter(([name, value]) => name !== 'f' || value !== 'html');
  return request.method !== 'POST' && sent.length === 0;
}
