import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { Request, Response } from 'express';
import { PinoLogger } from 'nestjs-pino';
import {
  CancelRun,
  isTerminal,
  type ProcessRun,
  type Submission,
  SubmitRun,
} from '../../../control-plane/index.js';
import { EnterAdmission, hangupOf, WaitForRun } from '../../../execution-adapter/index.js';
import { callerOf } from '../../../identity/index.js';
import type { ProcessDefinition } from '../../../registry/index.js';
import { AppError } from '../../../shared/app-error.js';
import type { Principal } from '../../../shared/principal.js';
import type { Parameters } from '../request/parameters.js';
import { TakeRequest } from '../request/take-request.js';

type RunSubmission = Extract<Submission, { kind: 'run' }>;

/** A request to run a task, and who is behind it. */
export interface TaskCall {
  request: Request;
  response: Response;
  processId: string;
  definition: ProcessDefinition;
}

/** Turns requests into runs. */
@Injectable()
export class SubmitTask {
  // oxlint-disable-next-line max-params -- what is injected, not what a caller must know
  constructor(
    private readonly take: TakeRequest,
    private readonly commands: CommandBus,
    private readonly waiting: WaitForRun,
    private readonly admission: EnterAdmission,
    private readonly log: PinoLogger,
  ) {}

  /** `check` sees the parameters before anything runs. */
  async submit(
    { request, response, processId }: TaskCall,
    mode: 'async' | undefined,
    { check, signal }: { check(parameters: Parameters): void; signal?: AbortSignal },
  ): Promise<RunSubmission> {
    const enter = (): Promise<{ inlineBytes: number; maxBytes: number }> =>
      this.admission.enter(callerOf(request), { processId, mode }, response);
    // A token may be in the form: then its owner is known only after that was read.
    const known = request.principal !== undefined;
    const { mediaType, payload, parameters } = await this.take.large(request, known ? await enter() : {});
    const input = { surface: 'geoservices' as const, mediaType, payload };
    let taken = false;
    try {
      if (!known) await enter();
      check(parameters);
      const principal = callerOf(request);
      const command = new SubmitRun(principal, { processId, input, mode, signal });
      const submission = (await this.commands.execute(command)) as RunSubmission;
      taken = true;
      this.log.assign({ runId: submission.run.id });
      return submission;
    } finally {
      if (!taken) await this.take.forget(input);
    }
  }

  /**
   * Runs a task while its caller waits. GP has no answer for work that goes on: what outlasts the wait is cancelled and
   * answered with AppError `timeout`; so is what its caller has left, and then the answer is undefined.
   */
  async runToEnd(call: TaskCall, check: (parameters: Parameters) => void): Promise<ProcessRun | undefined> {
    const hangup = hangupOf(call.response);
    const submission = await this.submit(call, undefined, { check, signal: hangup });
    const principal = callerOf(call.request);
    if (submission.run.arraySize !== null) return this.refuseArray(principal, submission.run);
    if (submission.run.approval === 'pending') return this.refuseUnapproved(principal, submission.run);
    const patience = this.waiting.patience(call.definition, undefined);
    const run = await this.waiting.untilOver(principal, submission, patience, hangup);
    if (isTerminal(run.state)) return run;
    const reason = hangup.aborted ? 'The caller hung up.' : 'It outlasted the wait of its caller.';
    const last = await this.commands.execute(new CancelRun(principal, run.id, reason, 'keep'));
    if (hangup.aborted) return undefined;
    // It may have ended between the last look and the cancel.
    if (isTerminal(last.state) && last.state !== 'cancelled') return last;
    throw new AppError(
      'timeout',
      'execute-timeout',
      `The task did not finish within ${Math.round(patience / 1000)} seconds and was cancelled; use submitJob for it.`,
    );
  }

  /** GP has no answer for the results of several runs. */
  private async refuseArray(principal: Principal, { id }: ProcessRun): Promise<never> {
    await this.commands.execute(new CancelRun(principal, id, 'Its caller cannot wait for an array.', 'keep'));
    throw new AppError('unsupported', 'array-needs-job', 'An array of runs is a job: use submitJob for it.');
  }

  /** Nobody waits for an operator on an open connection. */
  private async refuseUnapproved(principal: Principal, { id, decision }: ProcessRun): Promise<never> {
    await this.commands.execute(new CancelRun(principal, id, 'Its caller cannot wait for approval.', 'keep'));
    const why = decision.admitted ? decision.approval?.reason : undefined;
    throw new AppError(
      'forbidden',
      'approval-needed',
      `${why ?? 'The task waits for approval.'} Use submitJob for it.`,
    );
  }
}
