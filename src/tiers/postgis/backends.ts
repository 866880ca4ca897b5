import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { CONFIG, type HonuaConfig } from '../../config/index.js';
import { Database } from '../../database/index.js';

/** A cancel that came between two statements found nothing to cancel: it is sent again until the work has left. */
const CANCEL_AGAIN_MS = 200;

const END_ORPHANS = `
  select a.application_name as name
    from pg_stat_activity a
   where a.datname = current_database() and a.application_name ~ '^honua:[0-9a-f-]{36}:[0-9]{1,9}$'
     and a.application_name <> all ($1)
     and not exists (
       select from process_runs r
        where r.id = split_part(a.application_name, ':', 2)::uuid
          and r.attempt = split_part(a.application_name, ':', 3)::int
          and r.state = 'running' and r.lease_until > clock_timestamp())
     and honua_gp.end_backend(a.pid, a.application_name)`;

/** The server processes of the database that work for attempts: cancels those of ours, ends those of dead workers. */
@Injectable()
export class Backends implements OnModuleDestroy {
  private readonly log = new Logger(Backends.name);
  private readonly own = new Set<string>();
  private sweeping?: NodeJS.Timeout;

  constructor(
    private readonly database: Database,
    @Inject(CONFIG) private readonly config: HonuaConfig,
  ) {}

  /** What has no running attempt with a live lease is ended, by whichever process sees it first. */
  startSweeping(): void {
    this.sweeping = setInterval(() => void this.endOrphans(), this.config.scheduling.sweepEvery);
  }

  onModuleDestroy(): void {
    clearInterval(this.sweeping);
  }

  /** Ours until the way back is called. */
  claim(applicationName: string): () => void {
    this.own.add(applicationName);
    return () => this.own.delete(applicationName);
  }

  /** Cancels what an attempt's backend does until `gone`. */
  async cancel(applicationName: string, gone: Promise<void>): Promise<void> {
    const left = gone.then(() => true);
    do {
      await this.database
        .asSystem((manager) => manager.query('select honua_gp.cancel_attempt($1)', [applicationName]))
        .catch((error: Error) => this.log.warn(`A backend could not be cancelled: ${error.message}`));
    } while (!(await Promise.race([left, sleep(CANCEL_AGAIN_MS, false, { ref: false })])));
  }

  /** Answers the application names of those that were ended. */
  async endOrphans(): Promise<string[]> {
    try {
      const ended = await this.database.asSystem((manager) =>
        manager.query<{ name: string }[]>(END_ORPHANS, [[...this.own]]),
      );
      for (const { name } of ended) this.log.warn(`Ended the query of a lost attempt: ${name}`);
      return ended.map(({ name }) => name);
    } catch (error) {
      this.log.warn(`Orphaned queries could not be looked for: ${(error as Error).message}`);
      return [];
    }
  }
}
