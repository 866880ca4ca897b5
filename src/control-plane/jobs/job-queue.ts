import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnModuleInit,
} from '@nestjs/common';
import { PgBoss } from 'pg-boss';
import { CONFIG, type HonuaConfig } from '../../config/index.js';

const CONNECTIONS = 4;
const STOP_LIMIT_MS = 5_000;
/** How soon a job is found whose worker has vanished. */
const SUPERVISE_SECONDS = 10;

/**
 * The chores of the service, each done once over all processes: pg-boss in a schema of its own. Runs are not its jobs,
 * their rows are their own queue. A process that only serves has it too: its schema must be there before a run is.
 */
@Injectable()
export class JobQueue implements OnModuleInit, BeforeApplicationShutdown {
  private readonly log = new Logger(JobQueue.name);
  readonly boss: PgBoss;
  /** Whether this process does the jobs. */
  readonly works: boolean;
  readonly schema: string;

  constructor(@Inject(CONFIG) { database, processing, role }: HonuaConfig) {
    this.works = role !== 'api';
    this.schema = processing.queue.schema;
    this.boss = new PgBoss({
      connectionString: database.url!,
      schema: this.schema,
      application_name: 'honua-jobs',
      max: CONNECTIONS,
      supervise: this.works,
      schedule: this.works,
      superviseIntervalSeconds: SUPERVISE_SECONDS,
      monitorIntervalSeconds: SUPERVISE_SECONDS,
    });
    // It goes on by itself after a lost connection; an unheard `error` event would end the process.
    this.boss.on('error', (error: Error) => this.log.warn(`The job queue has a problem: ${error.message}`));
  }

  async onModuleInit(): Promise<void> {
    await this.boss.start();
  }

  /** Forgets what is to be done for somebody: jobs of one group, in whatever state. */
  async forgetGroup(group: string): Promise<void> {
    const database = this.boss.getDb();
    await database.executeSql(`delete from ${this.schema}.job where group_id = $1`, [group]);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.boss.stop({ graceful: true, timeout: STOP_LIMIT_MS });
  }
}
