import { Inject, Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { Response } from 'express';
import { CONFIG, type HonuaConfig } from '../config/index.js';
import { GetRun, isTerminal, type ProcessRun, RunSignals } from '../control-plane/index.js';
import type { ProcessDefinition } from '../registry/index.js';
import type { Principal } from '../shared/principal.js';
import { parseDuration } from '../shared/quantities.js';

/** What a caller waits beyond the time that the process is expected to need. */
const MARGIN_MS = 5_000;
/** A run is looked at again after this long, though nothing signalled. */
const LOOK_AGAIN_MS = 2_000;

@Injectable()
export class WaitForRun {
  constructor(
    private readonly queries: QueryBus,
    private readonly signals: RunSignals,
    @Inject(CONFIG) private readonly config: HonuaConfig,
  ) {}

  /**
   * How long a caller waits, in milliseconds: as long as the process may take by its own word, or as the caller prefers;
   * never beyond the limits.
   */
  patience({ hints, resourceClass }: ProcessDefinition, preferredSeconds: number | undefined): number {
    const longest =
      this.config.resourceClasses[resourceClass].maxInlineDuration ?? this.config.limits.maxInlineDuration;
    const own = parseDuration(hints.targetP95)! + MARGIN_MS;
    return Math.min(preferredSeconds === undefined ? own : preferredSeconds * 1_000, longest);
  }

  /** The run once it is over, or as it is when the time is up or `hangup` aborts. */
  async untilOver(
    principal: Principal,
    { run, replayed }: { run: ProcessRun; replayed: boolean },
    timeoutMs: number,
    hangup: AbortSignal,
  ): Promise<ProcessRun> {
    const deadline = performance.now() + timeoutMs;
    let latest = run;
    // A run that this very call started cannot have moved yet: nothing but promises lies between.
    let current = !replayed;
    while (!isTerminal(latest.state) && !hangup.aborted) {
      const left = deadline - performance.now();
      if (left <= 0) break;
      // Listening begins before looking: a run that ends in between is not missed.
      const turn = new AbortController();
      const signal = this.signals.next(
        run.id,
        Math.min(left, LOOK_AGAIN_MS),
        AbortSignal.any([turn.signal, hangup]),
      );
      if (!current) latest = await this.queries.execute(new GetRun(principal, run.id));
      if (isTerminal(latest.state)) turn.abort();
      const moved = await signal;
      latest = moved ?? latest;
      current = moved !== undefined;
    }
    return latest;
  }
}

/** Aborts when the client goes before it was answered. */
export function hangupOf(response: Response): AbortSignal {
  const controller = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) controller.abort();
  });
  return controller.signal;
}
