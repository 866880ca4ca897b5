import { Injectable } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { PinoLogger } from 'nestjs-pino';
import {
  CancelRun,
  GetArray,
  GetRun,
  GetRunEvents,
  ListChildren,
  type ProcessRun,
} from '../../../control-plane/index.js';
import { plainName } from '../../../execution-adapter/index.js';
import type { ProcessDefinition } from '../../../registry/index.js';
import { AppError } from '../../../shared/app-error.js';
import type { Principal } from '../../../shared/principal.js';
import { runIdOf } from './job-id.js';
import { type ChildInfo, childInfo, type JobInfo, jobInfo } from './job-info.js';
import { Tasks } from './tasks.js';

/** A run that was asked for by its job id, with what it runs. */
export interface FoundJob {
  run: ProcessRun;
  definition: ProcessDefinition;
}

@Injectable()
export class Jobs {
  constructor(
    private readonly queries: QueryBus,
    private readonly commands: CommandBus,
    private readonly tasks: Tasks,
    private readonly log: PinoLogger,
  ) {}

  /** A job of a task; without one, of any. Throws AppError `not-found`, `gone`. */
  async find(principal: Principal, jobId: string, task?: string): Promise<FoundJob> {
    const id = runIdOf(jobId);
    this.log.assign({ runId: id });
    const run = await this.queries.execute(new GetRun(principal, id));
    const definition = this.tasks.ofRun(run);
    if (task !== undefined && plainName(this.tasks.find(task).definition.id) !== plainName(definition.id))
      throw new AppError('not-found', 'run-not-found', 'This task has no such job.');
    return { run, definition };
  }

  async info(principal: Principal, { run, definition }: FoundJob, withMessages: boolean): Promise<JobInfo> {
    const events = withMessages ? await this.queries.execute(new GetRunEvents(principal, run.id, 0)) : [];
    const counts = await this.queries.execute(new GetArray(principal, run));
    return jobInfo(run, events, definition, counts);
  }

  /** The jobs of an array, by their place. Throws AppError `not-found` for a job that is none. */
  async children(
    principal: Principal,
    { run }: FoundJob,
    page: { limit: number; offset: number },
  ): Promise<{ jobs: ChildInfo[]; total: number; exceededTransferLimit: boolean }> {
    const { children, matched } = await this.queries.execute(new ListChildren(principal, run.id, page));
    const exceededTransferLimit = page.offset + children.length < matched;
    return { jobs: children.map(childInfo), total: matched, exceededTransferLimit };
  }

  /** A job that is over stays what it is: asking to cancel it must not take its results away. */
  async cancel(principal: Principal, { run, definition }: FoundJob): Promise<FoundJob> {
    const cancelled = await this.commands.execute(new CancelRun(principal, run.id, undefined, 'keep'));
    return { run: cancelled, definition };
  }
}
