import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { Database } from '../../database/index.js';

/** Long enough to gather a burst, short enough that nobody minds. */
const GATHER_MS = 20;

/**
 * NOTIFY to the other processes, many in one transaction: commits that notify take one database-wide lock through their
 * flush, which halves the rate of finishing runs when each does it by itself. What is lost here the polls make up for.
 */
@Injectable()
export class CoalescedNotify implements BeforeApplicationShutdown {
  private readonly log = new Logger(CoalescedNotify.name);
  private waiting = new Map<string, { channel: string; payload: string }>();
  private timer?: NodeJS.Timeout;

  constructor(private readonly database: Database) {}

  send(channel: string, payload: string): void {
    this.waiting.set(`${channel} ${payload}`, { channel, payload });
    this.timer ??= setTimeout(() => void this.flush(), GATHER_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.flush();
  }

  private async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const batch = [...this.waiting.values()];
    this.waiting = new Map();
    if (batch.length === 0) return;
    await this.database
      .asSystem((manager) =>
        manager.query(
          'select pg_notify(n.channel, n.payload) from unnest($1::text[], $2::text[]) as n (channel, payload)',
          [batch.map(({ channel }) => channel), batch.map(({ payload }) => payload)],
        ),
      )
      .catch((error: Error) => this.log.warn(`Other processes were not told: ${error.message}`));
  }
}
