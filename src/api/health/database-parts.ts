import { Injectable } from '@nestjs/common';
import { Database, Notifications } from '../../database/index.js';

/** What of the database the service stands on; each question throws where the answer is no. */
@Injectable()
export class DatabaseParts {
  constructor(
    private readonly database: Database,
    private readonly notifications: Notifications,
  ) {}

  answers(): Promise<undefined> {
    return this.ask('select 1');
  }

  queueAnswers(): Promise<undefined> {
    return this.ask('select 1 from lane_tenants limit 1');
  }

  get listening(): boolean {
    return this.notifications.connected;
  }

  private async ask(sql: string): Promise<undefined> {
    await this.database.asSystem((manager) => manager.query(sql));
  }
}
