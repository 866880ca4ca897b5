import { Injectable } from '@nestjs/common';
import type { HealthIndicatorResult } from '@nestjs/terminus';

/** What else is to be asked how it is, besides database, queue, tiers and artifacts; there while it is in use. */
@Injectable()
export class HealthParts {
  private readonly checks: (() => HealthIndicatorResult)[] = [];

  /** By the name that the result has. */
  add(check: () => HealthIndicatorResult): void {
    this.checks.push(check);
  }

  all(): (() => HealthIndicatorResult)[] {
    return [...this.checks];
  }
}
