import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { PinoLogger } from 'nestjs-pino';
import { CancelRun, type ProcessRun, type Submission, SubmitRun } from '../../../control-plane/index.js';
import { BaseUrl } from '../../../execution-adapter/index.js';
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

  async submit({ request, principal, processId, hangup, headers }: Exchange): Promise<Submission> {
    const { prefer, dryRun, idempotencyKey, traceparent } = headers;
    const input = await this.receive.take(request);
    let taken = false;
    try {
      // A caller who says how long it would wait wants the answer at once if that is possible.
      const mode = prefer.respondAsync && prefer.wait === undefined ? 'async' : undefined;
      const submission = await this.commands.execute(
        new SubmitRun(principal, {
          processId,
          input,
          mode,
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
