import { randomUUID } from 'node:crypto';
import { Command, CommandBus, CommandHandler, type ICommandHandler, QueryBus } from '@nestjs/cqrs';
import { ArtifactStore } from '../../artifacts/index.js';
import type { RunInput } from '../../execution/index.js';
import { AppError } from '../../shared/app-error.js';
import type { Principal } from '../../shared/principal.js';
import { GetRun } from '../queries/get-run.js';
import { GetRunInput } from '../queries/get-run-input.js';
import type { ProcessRun } from '../run/process-run.entity.js';
import { isTerminal } from '../run/run-lifecycle.js';
import { SubmitRun } from './submit-run.js';

/**
 * Runs the request of an ended run once more, as a new run of the same tenant and user that waits in the queue: an end is
 * for ever. Throws like GetRun, `conflict` while it has not ended, `gone` where its request is no longer kept, and whatever
 * admission says.
 */
export class RetryRun extends Command<ProcessRun> {
  constructor(
    readonly principal: Principal,
    readonly runId: string,
  ) {
    super();
  }
}

@CommandHandler(RetryRun)
export class RetryRunHandler implements ICommandHandler<RetryRun> {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly store: ArtifactStore,
  ) {}

  async execute({ principal, runId }: RetryRun): Promise<ProcessRun> {
    const run = await this.queries.execute(new GetRun(principal, runId));
    if (!isTerminal(run.state))
      throw new AppError(
        'conflict',
        'run-not-ended',
        `The run is ${run.state}: only an ended run is retried.`,
      );
    const { prefixes, input } = await this.copyOf(
      await this.queries.execute(new GetRunInput(principal, runId)),
    );
    let taken = false;
    try {
      const submission = await this.commands.execute(
        new SubmitRun(
          { ...principal, tenant: run.tenant, user: run.user },
          { processId: run.processId, input, mode: 'async', base: run.responseSpec.base },
        ),
      );
      if (submission.kind !== 'run') throw new Error('A retry was answered as a dry run');
      taken = true;
      return submission.run;
    } finally {
      if (!taken) for (const prefix of prefixes) await this.store.deletePrefix(prefix);
    }
  }

  /** Each run owns its request, and what it named: the first one's may be deleted while the second still needs it. */
  private async copyOf(input: RunInput): Promise<{ input: RunInput; prefixes: string[] }> {
    const copy: RunInput = { ...input };
    const prefixes: string[] = [];
    if (input.payload.kind === 'artifact') {
      const prefix = `inputs/${randomUUID()}`;
      prefixes.push(prefix);
      copy.payload = { ...input.payload, key: `${prefix}/body.json` };
      await this.store.copy(input.payload.key, copy.payload.key);
    }
    if (input.references) {
      const prefix = `references/${randomUUID()}`;
      prefixes.push(prefix);
      copy.references = input.references.map((one, index) => ({ ...one, key: `${prefix}/${index}` }));
      for (const [index, { key }] of input.references.entries())
        await this.store.copy(key, copy.references[index]!.key);
    }
    return { input: copy, prefixes };
  }
}
