import { type BeforeApplicationShutdown, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Database } from '../../database/index.js';

/** A call that has no run: whose it is, and what is asked. */
export interface MeteredCall {
  tenant: string;
  /** Stable, such as `geometry-server/buffer`. */
  operation: string;
}

interface Count {
  calls: number;
  failures: number;
  /** Milliseconds of compute threads. */
  computeMs: number;
}

type Counted = MeteredCall & Count & { day: string };

const WRITE_EVERY_MS = 1_000;

/**
 * What was counted here and is not written yet. It is added to the rows of the database every second and at the end; a
 * server that is killed loses what it counted since the last time.
 */
@Injectable()
export class CallCounts implements OnModuleInit, BeforeApplicationShutdown {
  private readonly log = new Logger(CallCounts.name);
  private counted = new Map<string, Counted>();
  private timer?: NodeJS.Timeout;
  private writing: Promise<void> = Promise.resolve();

  constructor(private readonly database: Database) {}

  onModuleInit(): void {
    this.timer = setInterval(() => void this.write(), WRITE_EVERY_MS).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.write();
  }

  add(call: MeteredCall, count: Count): void {
    this.merge({ ...call, ...count, day: new Date().toISOString().slice(0, 10) });
  }

  /** One write at a time; what cannot be written stays counted. */
  write(): Promise<void> {
    this.writing = this.writing.then(async () => {
      if (this.counted.size === 0) return;
      const batch = [...this.counted.values()];
      this.counted = new Map();
      try {
        await this.store(batch);
      } catch (error) {
        this.log.warn({ err: error }, 'Counted calls cannot be written yet');
        for (const one of batch) this.merge(one);
      }
    });
    return this.writing;
  }

  private merge(more: Counted): void {
    const key = JSON.stringify([more.tenant, more.day, more.operation]);
    const there = this.counted.get(key);
    if (!there) return void this.counted.set(key, { ...more });
    there.calls += more.calls;
    there.failures += more.failures;
    there.computeMs += more.computeMs;
  }

  /** In one order, so that two servers never wait for each other's rows. */
  private async store(batch: Counted[]): Promise<void> {
    const column = <Key extends keyof Counted>(key: Key): Counted[Key][] => batch.map((one) => one[key]);
    await this.database.asSystem((manager) =>
      manager.query(
        `insert into metered_calls as there (tenant_id, day, operation, calls, failures, compute_ms)
         select * from unnest($1::text[], $2::date[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[])
          order by 1, 2, 3
         on conflict (tenant_id, day, operation) do update
            set calls = there.calls + excluded.calls, failures = there.failures + excluded.failures,
                compute_ms = there.compute_ms + excluded.compute_ms`,
        [
          column('tenant'),
          column('day'),
          column('operation'),
          column('calls'),
          column('failures'),
          column('computeMs').map(Math.round),
        ],
      ),
    );
  }
}
