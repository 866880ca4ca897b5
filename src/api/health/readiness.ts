import { Injectable } from '@nestjs/common';
import {
  type HealthIndicatorFunction,
  type HealthIndicatorResult,
  HealthIndicatorService,
} from '@nestjs/terminus';
import { ArtifactStore } from '../../artifacts/index.js';
import { ExecutionTiers, HealthParts } from '../../execution/index.js';
import { DatabaseParts } from './database-parts.js';

const CHECK_MS = 2_000;

/** The parts without which no run can be taken, each by its name. What is wrong is said without any detail of where. */
@Injectable()
export class Readiness {
  // oxlint-disable-next-line max-params -- what is injected, not what a caller must know
  constructor(
    private readonly indicators: HealthIndicatorService,
    private readonly database: DatabaseParts,
    private readonly tiers: ExecutionTiers,
    private readonly store: ArtifactStore,
    private readonly others: HealthParts,
  ) {}

  checks(): HealthIndicatorFunction[] {
    return [
      () => this.check('database', () => this.database.answers()),
      () => this.queue(),
      () => this.workers(),
      () => this.artifacts(),
      ...this.others.all(),
    ];
  }

  /** Runs are found by polling too: without the listening connection they only start a little later. */
  private async queue(): Promise<HealthIndicatorResult> {
    if (!this.database.listening)
      return this.indicators.check('queue').degraded('not listening; runs are found by polling');
    return this.check('queue', () => this.database.queueAnswers());
  }

  /** One tier that works is enough to be of use. */
  private workers(): Promise<HealthIndicatorResult> {
    return this.check('workers', async () => {
      const tiers = await Promise.all(
        this.tiers.all().map(async (tier) => ({ name: tier.name, ...(await tier.health()) })),
      );
      const sick = tiers.filter(({ healthy }) => !healthy);
      if (sick.length < tiers.length || tiers.length === 0)
        return tiers.length > 0 ? undefined : 'no tier is there';
      return sick.map(({ name, detail }) => `${name}: ${detail ?? 'not healthy'}`).join('; ');
    });
  }

  private artifacts(): Promise<HealthIndicatorResult> {
    return this.check('artifacts', async () => {
      const { healthy, detail } = await this.store.health();
      return healthy ? undefined : (detail ?? 'not healthy');
    });
  }

  /** `work` gives what is wrong, or nothing. A check that throws or takes too long is down. */
  private async check(name: string, work: () => Promise<string | undefined>): Promise<HealthIndicatorResult> {
    const indicator = this.indicators.check(name);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<string>((resolve) => {
      timer = setTimeout(() => resolve('no answer in time'), CHECK_MS);
    });
    const wrong = await Promise.race([work().catch(() => 'no answer'), late]);
    clearTimeout(timer);
    return wrong === undefined ? indicator.up() : indicator.down(wrong);
  }
}
