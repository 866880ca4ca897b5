import { createHmac, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { CONFIG, type HonuaConfig } from '../../config/index.js';
import { Database, Notifications, serviceSecret } from '../../database/index.js';
import { AppError, invalidInput } from '../../shared/app-error.js';
import { OPERATORS_TENANT, type Principal, type Scope } from '../../shared/principal.js';
import { isUuidV7, uuidV7 } from '../../shared/uuid-v7.js';
import { BriefMemory } from '../brief-memory.js';
import { newKeyText, prefixOf } from './key-text.js';

/** A key, without what is secret of it. */
export interface ApiKey {
  id: string;
  tenant: string;
  user: string;
  prefix: string;
  scopes: Scope[];
  createdAt: Date;
  expiresAt: Date | null;
  lastUsedAt: Date | null;
  revokedAt: Date | null;
}

export interface NewKey {
  tenant: string;
  /** Who is behind it: a person, or the name of a program. */
  user: string;
  scopes: Scope[];
  expiresAt?: Date;
}

/** The only moment at which `key` is known. */
export interface MadeKey extends ApiKey {
  key: string;
}

const SECRET = 'api-keys';
const CHANNEL = 'honua_identity';
/** `last_used_at` is at most this much behind. */
const USE_NOTED_EVERY_MS = 60_000;
const COLUMNS = `id, tenant_id as tenant, user_id as "user", prefix, scopes, created_at as "createdAt",
  expires_at as "expiresAt", last_used_at as "lastUsedAt", revoked_at as "revokedAt"`;

/** Keys of tenants: made, shown once, changed for new ones, revoked; and who comes with one. */
@Injectable()
export class ApiKeys implements OnModuleInit {
  private readonly memory = new BriefMemory<ApiKey & { mac: Buffer }>();
  private pepper: Buffer;

  constructor(
    @Inject(CONFIG) private readonly config: HonuaConfig,
    private readonly database: Database,
    notifications: Notifications,
  ) {
    notifications.subscribe(CHANNEL, () => this.memory.clear());
  }

  async onModuleInit(): Promise<void> {
    this.pepper = await serviceSecret(this.database, SECRET);
  }

  /** Whose key it is; undefined for one that was never made, is over or was revoked. */
  async verify(key: string): Promise<{ principal: Principal; prefix: string } | undefined> {
    const prefix = prefixOf(key);
    const found = prefix === undefined ? undefined : await this.living(prefix);
    if (!found || !timingSafeEqual(found.mac, this.mac(key))) return undefined;
    this.noteUse(found);
    const { tenant, user, scopes } = found;
    return { principal: { tenant, user, scopes }, prefix: found.prefix };
  }

  /** Whether a key is still good by which somebody came in earlier. */
  async lives(prefix: string): Promise<boolean> {
    return (await this.living(prefix)) !== undefined;
  }

  async any(): Promise<boolean> {
    const rows = await this.database.asSystem((manager) =>
      manager.query<unknown[]>(
        'select 1 from api_keys where revoked_at is null and (expires_at is null or expires_at > now()) limit 1',
      ),
    );
    return rows.length > 0;
  }

  /** Throws AppError `not-found` where there is no such tenant, `invalid-input`. */
  async create({ tenant, user, scopes, expiresAt }: NewKey): Promise<MadeKey> {
    if (scopes.includes('admin') && tenant !== OPERATORS_TENANT)
      throw invalidInput(`The scope admin is for keys of the tenant ${OPERATORS_TENANT} alone.`, [
        { path: '/scopes', message: 'has admin' },
      ]);
    const { key, prefix } = newKeyText();
    const rows = await this.database.asSystem((manager) =>
      manager.query<ApiKey[]>(
        `insert into api_keys (id, tenant_id, user_id, prefix, mac, scopes, expires_at)
         select $1, t.id, $3, $4, $5, $6, $7 from tenants t where t.id = $2 returning ${COLUMNS}`,
        [uuidV7(new Date()), tenant, user, prefix, this.mac(key), scopes, expiresAt ?? null],
      ),
    );
    if (!rows[0]) throw new AppError('not-found', 'tenant-not-found', 'There is no such tenant.');
    return { ...rows[0], key };
  }

  /** All of a tenant, newest first. */
  list(tenant: string): Promise<ApiKey[]> {
    return this.database.asSystem((manager) =>
      manager.query<ApiKey[]>(
        `select ${COLUMNS} from api_keys where tenant_id = $1 order by id desc limit 1000`,
        [tenant],
      ),
    );
  }

  /** A new key in place of an old one, which stays good for the configured while. Throws AppError `not-found`, `conflict`. */
  async rotate(tenant: string, id: string): Promise<MadeKey> {
    const old = await this.get(tenant, id);
    if (old.revokedAt !== null || (old.expiresAt !== null && old.expiresAt <= new Date()))
      throw new AppError('conflict', 'key-over', 'This key is over: make a new one.');
    const made = await this.create({
      tenant,
      user: old.user,
      scopes: old.scopes,
      ...(old.expiresAt && { expiresAt: old.expiresAt }),
    });
    await this.database.asSystem((manager) =>
      manager.query(
        `update api_keys set expires_at = least(expires_at, clock_timestamp() + $3::interval)
          where tenant_id = $1 and id = $2`,
        [tenant, id, `${this.config.identity.keyRotationGrace} ms`],
      ),
    );
    return made;
  }

  /** It is good for nothing any more, on every replica, within two seconds. Throws AppError `not-found`. */
  async revoke(tenant: string, id: string): Promise<ApiKey> {
    await this.get(tenant, id);
    await this.database.asSystem((manager) =>
      manager.query(
        `update api_keys set revoked_at = coalesce(revoked_at, clock_timestamp()) where tenant_id = $1 and id = $2`,
        [tenant, id],
      ),
    );
    this.memory.clear();
    return this.get(tenant, id);
  }

  private async get(tenant: string, id: string): Promise<ApiKey> {
    const rows = isUuidV7(id)
      ? await this.database.asSystem((manager) =>
          manager.query<ApiKey[]>(`select ${COLUMNS} from api_keys where tenant_id = $1 and id = $2`, [
            tenant,
            id,
          ]),
        )
      : [];
    if (!rows[0]) throw new AppError('not-found', 'key-not-found', 'There is no such key.');
    return rows[0];
  }

  private async living(prefix: string): Promise<(ApiKey & { mac: Buffer }) | undefined> {
    const found = await this.memory.get(prefix, async () => {
      const [row] = await this.database.asSystem((manager) =>
        manager.query<(ApiKey & { mac: Buffer })[]>(
          `select ${COLUMNS}, mac from api_keys where prefix = $1 and revoked_at is null`,
          [prefix],
        ),
      );
      return row;
    });
    return found && (found.expiresAt === null || found.expiresAt > new Date()) ? found : undefined;
  }

  /** Nobody waits for it, and nobody is refused because it could not be written. */
  private noteUse(key: ApiKey): void {
    if (Date.now() - (key.lastUsedAt?.getTime() ?? 0) < USE_NOTED_EVERY_MS) return;
    key.lastUsedAt = new Date();
    void this.database
      .asSystem((manager) =>
        manager.query('update api_keys set last_used_at = clock_timestamp() where id = $1', [key.id]),
      )
      .catch(() => {});
  }

  private mac(key: string): Buffer {
    return createHmac('sha256', this.pepper).update(key).digest();
  }
}
