import { Injectable, Logger } from '@nestjs/common';
import { EventBus } from '@nestjs/cqrs';
import { BudgetNearlySpent } from '../events/budget-nearly-spent.js';

/** Said again after this long; each run that is admitted meanwhile carries the warning in its decision. */
const EVERY_MS = 3_600_000;

/** Tells that a tenant's budget is nearly spent: once an hour from each server, not with each run. */
@Injectable()
export class BudgetWarnings {
  private readonly log = new Logger(BudgetWarnings.name);
  private readonly told = new Map<string, number>();

  constructor(private readonly events: EventBus) {}

  nearlySpent(tenant: string, warning: string): void {
    if (performance.now() - (this.told.get(tenant) ?? -Infinity) < EVERY_MS) return;
    this.told.set(tenant, performance.now());
    this.log.warn({ tenant }, warning);
    this.events.publish(new BudgetNearlySpent(tenant, warning));
  }
}
