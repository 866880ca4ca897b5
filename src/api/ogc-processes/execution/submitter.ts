import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { PinoLogger } from 'nestjs-pino';
import { CancelRun, type ProcessRun, type Submission, SubmitRun } from '../../../control-plane/index.js';
import { BaseUrl } from '../../../execution-adapter/index.js';
import { modeOf } from '../prefer.js';
import type { Exchange } from './execution-answers.js';
import { ReceiveRequest } from './receive-request.js';

/** Turns an execute request into a run, and takes that back when its caller is gone. */
@Injectable()
export class Submitter {
  constructor(
    private readonly receive: ReceiveRequest,
    private readonly commands: CommandBus,
    private readonly baseUrl: BaseUrl,
    private readonly log: PinoLogger,
  ) {}

  async submit(exchange: Exchange): Promise<Submission> {
    const { request, principal, processId, hangup, headers } = exchange;
    const { prefer, dryRun, idempotencyKey, traceparent } = headers;
    const input = await this.receive.take(exchange);
    let taken = false;
    try {
      const submission = await this.commands.execute(
        new SubmitRun(principal, {
          processId,
          input,
          mode: modeOf(prefer),
          dryRun,
          idempotencyKey,
          traceparent,
          base: this.baseUrl.of(request),
          signal: hangup,
        }),
      );
      taken = submission.kind === 'run' && !submission.replayed;
      if (submission.kind === 'run') this.log.assign({ runId: submission.run.id });
      return submission;
    } finally {
      if (!taken) await this.receive.forget(input);
    }
  }

  /** Without a key nobody can ask for the run again, so nobody wants it any more. */
  async abandon({ id }: ProcessRun, { principal, headers }: Exchange): Promise<void> {
    if (!headers.idempotencyKey)
      await this.commands.execute(new CancelRun(principal, id, 'The caller hung up.'));
  }
}
