import { Injectable } from '@nestjs/common';
import { Database } from '../../database/index.js';

export interface Tenant {
  id: string;
  title: string | null;
  /** False: nobody of it may come in. */
  enabled: boolean;
  createdAt: Date;
}

const COLUMNS = 'id, title, enabled, created_at as "createdAt"';

/** The tenants of the service, as its operators see them. */
@Injectable()
export class Tenants {
  constructor(private readonly database: Database) {}

  list(): Promise<Tenant[]> {
    return this.database.asSystem((manager) =>
      manager.query<Tenant[]>(`select ${COLUMNS} from tenants order by id`),
    );
  }
}
