import { Injectable } from '@nestjs/common';
import { Database, Notifications } from '../../database/index.js';
import { AppError } from '../../shared/app-error.js';
import { OPERATORS_TENANT } from '../../shared/principal.js';
import { BriefMemory } from '../brief-memory.js';

export interface Tenant {
  id: string;
  title: string | null;
  /** False: nobody of it may come in. */
  enabled: boolean;
  createdAt: Date;
}

/** What may be said of a tenant; what is absent stays as it is. */
export interface TenantChange {
  title?: string | null;
  enabled?: boolean;
}

const CHANNEL = 'honua_identity';
const COLUMNS = 'id, title, enabled, created_at as "createdAt"';

/** The tenants of the service, as its operators see them. */
@Injectable()
export class Tenants {
  private readonly memory = new BriefMemory<Tenant>();

  constructor(
    private readonly database: Database,
    notifications: Notifications,
  ) {
    notifications.subscribe(CHANNEL, () => this.memory.clear());
  }

  /** Whether callers of this tenant are let in. One that nobody has entered is nobody's. */
  async letsIn(id: string): Promise<boolean> {
    return (await this.memory.get(id, () => this.find(id)))?.enabled ?? false;
  }

  list(): Promise<Tenant[]> {
    return this.ask(`select ${COLUMNS} from tenants order by id`);
  }

  /** Throws AppError `not-found`. */
  async get(id: string): Promise<Tenant> {
    return required(await this.find(id));
  }

  /** Throws AppError `conflict` where there is one of this id. */
  async create({ id, title, enabled = true }: TenantChange & { id: string }): Promise<Tenant> {
    const [made] = await this.ask(
      `insert into tenants (id, title, enabled) values ($1, $2, $3) on conflict do nothing returning ${COLUMNS}`,
      [id, title ?? null, enabled],
    );
    if (!made) throw new AppError('conflict', 'tenant-exists', 'There is a tenant of this id.');
    return made;
  }

  /** A tenant that is named where logins are: there as soon as the service is. */
  async enter(id: string): Promise<void> {
    await this.ask('insert into tenants (id) values ($1) on conflict do nothing', [id]);
  }

  /** Effective on every replica within two seconds. Throws AppError `not-found`, `conflict`. */
  async change(id: string, change: TenantChange): Promise<Tenant> {
    if (change.enabled === false && id === OPERATORS_TENANT)
      throw new AppError('conflict', 'tenant-of-operators', 'The operators cannot shut themselves out.');
    const { title, enabled } = { ...(await this.get(id)), ...change };
    await this.ask('update tenants set title = $2, enabled = $3 where id = $1', [id, title, enabled]);
    this.memory.clear();
    return this.get(id);
  }

  private async find(id: string): Promise<Tenant | undefined> {
    return (await this.ask(`select ${COLUMNS} from tenants where id = $1`, [id]))[0];
  }

  private ask(sql: string, values: unknown[] = []): Promise<Tenant[]> {
    return this.database.asSystem((manager) => manager.query<Tenant[]>(sql, values));
  }
}

function required(tenant: Tenant | undefined): Tenant {
  if (tenant) return tenant;
  throw new AppError('not-found', 'tenant-not-found', 'There is no such tenant.');
}
