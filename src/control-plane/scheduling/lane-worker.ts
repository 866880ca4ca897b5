import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { HonuaConfig } from '../../config/index.js';
import type { Database } from '../../database/index.js';
import type { ExecutionTier } from '../../execution/index.js';
import { claimRun } from '../run/claim-run.js';
import type { DefinitionSnapshots } from '../run/definition-snapshots.js';
import type { RunAnnouncer } from '../run/run-announcer.js';
import { storedInput } from '../run/stored-input.js';
import type { DrainedTiers } from './drained-tiers.js';
import type { AttemptRunner } from './attempt-runner.js';

/** A claim costs a round trip; two at a time keep short runs coming. */
const CLAIMERS = 2;
const AFTER_ERROR_MS = 1_000;

interface Surroundings {
  config: HonuaConfig;
  database: Database;
  snapshots: DefinitionSnapshots;
  runner: AttemptRunner;
  announcer: RunAnnouncer;
  drained: DrainedTiers;
}

/** Claims runs of one lane as long as the lane's tier has slots, until nothing is eligible; then sleeps until woken. */
export class LaneWorker {
  private readonly log = new Logger(LaneWorker.name);
  private inFlight = 0;
  private stopped = false;
  private wakes = 0;
  private sleepers = new Set<() => void>();
  private readonly loops: Promise<void>[];

  constructor(
    private readonly tier: ExecutionTier,
    private readonly worker: string,
    private readonly around: Surroundings,
  ) {
    this.loops = Array.from({ length: CLAIMERS }, () => this.loop());
  }

  /** Something may be eligible, or a slot free. */
  readonly wake = (): void => {
    this.wakes += 1;
    for (const awake of this.sleepers) awake();
  };

  /** No claim is under way any more once this resolves; attempts may be. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.wake();
    await Promise.all(this.loops);
  }

  private async loop(): Promise<void> {
    while (!this.stopped) {
      const seen = this.wakes;
      const { slots, free } = this.tier.capacity();
      if (this.inFlight >= slots || free <= 0 || this.around.drained.find(this.tier.name)) {
        await this.sleep(seen, this.around.config.scheduling.pollEvery);
        continue;
      }
      try {
        if (!(await this.claim())) await this.sleep(seen, this.around.config.scheduling.pollEvery);
      } catch (error) {
        this.log.warn(`Nothing could be claimed: ${(error as Error).message}`);
        await this.sleep(this.wakes, AFTER_ERROR_MS);
      }
    }
  }

  /** False: nothing is eligible. */
  private async claim(): Promise<boolean> {
    const { config, database, snapshots, announcer } = this.around;
    const rules = { maxRunning: config.limits.maxConcurrentJobs, leaseMs: config.scheduling.lease };
    this.inFlight += 1;
    let started = false;
    try {
      const claimedAt = performance.now();
      const claim = await database.asSystem((manager) =>
        claimRun(manager, this.tier.name, this.worker, rules),
      );
      if (claim.outcome !== 'claimed') return claim.outcome === 'busy';
      const { run } = claim;
      announcer.started(run);
      const definition = await snapshots.get(run.definitionHash);
      started = true;
      void this.runAttempt({ run, definition, input: storedInput(run, claim.input), claimedAt });
      return true;
    } finally {
      if (!started) this.inFlight -= 1;
    }
  }

  private async runAttempt(work: Parameters<AttemptRunner['run']>[0]): Promise<void> {
    const ended = await this.around.runner.run(work);
    // A tier that has just refused would refuse again: give it until the next poll.
    if (ended === 'refused') await delay(this.around.config.scheduling.pollEvery, undefined, { ref: false });
    this.inFlight -= 1;
    this.wake();
  }

  /** Resolves after `ms`, or when woken since `seen`: a wake-up between looking and sleeping is not lost. */
  private sleep(seen: number, ms: number): Promise<void> {
    if (seen !== this.wakes || this.stopped) return Promise.resolve();
    return new Promise((resolve) => {
      const awake = (): void => {
        clearTimeout(timer);
        this.sleepers.delete(awake);
        resolve();
      };
      const timer = setTimeout(awake, ms);
      this.sleepers.add(awake);
    });
  }
}
