import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { CONFIG, type HonuaConfig } from '../config/index.js';
import { AppError } from '../shared/app-error.js';
import { Database } from './database.js';
import { migrate } from './migrate.js';
import { Notifications } from './notifications.js';

function requireUrl({ database }: HonuaConfig): string {
  if (database.url) return database.url;
  throw new AppError(
    'unavailable',
    'database-url-missing',
    'No database is configured: set DATABASE_URL, or start with `npm start`, which finds one.',
  );
}

@Global()
@Module({
  providers: [
    {
      provide: Database,
      inject: [CONFIG],
      useFactory: async (config: HonuaConfig) => {
        const url = requireUrl(config);
        await migrate(url);
        const { poolSize, statementTimeout } = config.database;
        return Database.open({ url, poolSize, statementTimeoutMs: statementTimeout });
      },
    },
    {
      provide: Notifications,
      // After the database: the roles it listens with come with the schema.
      inject: [CONFIG, Database],
      useFactory: async (config: HonuaConfig) => {
        const notifications = new Notifications(requireUrl(config));
        await notifications.open();
        return notifications;
      },
    },
  ],
  exports: [Database, Notifications],
})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Notifications) private readonly notifications: Notifications,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await this.notifications.close();
    await this.database.close();
  }
}
