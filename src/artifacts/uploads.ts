import type { Readable } from 'node:stream';
import type { Database } from '../database/index.js';
import { AppError } from '../shared/app-error.js';
import type { Principal } from '../shared/principal.js';
import { isUuidV7, uuidV7 } from '../shared/uuid-v7.js';
import type { ArtifactStore } from './artifact-store.js';

/** A file that a tenant has sent ahead. */
export interface Upload {
  id: string;
  mediaType: string;
  fileName?: string;
  size: number;
  sha256: string;
  createdAt: Date;
  expiresAt: Date;
  /** Where its bytes are in the artifact store. */
  key: string;
}

/** A file on its way in. `whole` rejects if what it came in was broken after its end. */
export interface IncomingFile {
  content: Readable;
  mediaType: string;
  fileName?: string;
  whole?: Promise<void>;
}

export interface UploadLimits {
  maxBytes: number;
  /** Of one tenant, together. */
  maxCount: number;
  maxTotalBytes: number;
  expiryMs: number;
}

interface Row {
  id: string;
  media_type: string;
  file_name: string | null;
  size: string;
  sha256: string;
  created_at: Date;
  expires_at: Date;
}

/** An upload that has not arrived by then was given up, or its server is gone. */
const ARRIVAL = '6 hours';
const SWEPT_AT_ONCE = 200;

const folderOf = (id: string): string => `uploads/${id}`;

function toUpload(row: Row): Upload {
  return {
    id: row.id,
    mediaType: row.media_type,
    ...(row.file_name !== null && { fileName: row.file_name }),
    size: Number(row.size),
    sha256: row.sha256,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    key: `${folderOf(row.id)}/content`,
  };
}

/** Files that tenants send once and name in as many requests as they like, until they expire. */
export class Uploads {
  constructor(
    private readonly database: Database,
    private readonly store: ArtifactStore,
    private readonly limits: UploadLimits,
  ) {}

  /** Streams it to the store; a file that does not arrive whole leaves nothing. Throws AppError `too-large`, `rejected`. */
  async take({ tenant, user }: Principal, file: IncomingFile): Promise<Upload> {
    await this.requireRoom(tenant);
    const id = uuidV7(new Date());
    await this.database.inTenant(tenant, (manager) =>
      manager.query(
        `insert into uploads (id, tenant_id, user_id, media_type, file_name, expires_at)
         values ($1, $2, $3, $4, $5, clock_timestamp() + $6::interval)`,
        [id, tenant, user, file.mediaType, file.fileName ?? null, ARRIVAL],
      ),
    );
    try {
      const stored = await this.store.put(`${folderOf(id)}/content`, file.content, this.limits.maxBytes);
      await file.whole;
      return await this.arrived(tenant, id, stored);
    } catch (error) {
      file.content.destroy();
      await this.remove(tenant, id);
      if (!(error instanceof AppError) || error.code !== 'artifact-too-large') throw error;
      throw new AppError(
        'too-large',
        'upload-too-large',
        `An upload has at most ${this.limits.maxBytes} bytes.`,
      );
    }
  }

  /** Throws AppError `not-found` for what never was, is another tenant's, or has expired. */
  async get(tenant: string, id: string): Promise<Upload> {
    const rows = isUuidV7(id)
      ? await this.database.inTenant(tenant, (manager) =>
          manager.query<Row[]>(
            'select * from uploads where id = $1 and size is not null and expires_at > clock_timestamp()',
            [id],
          ),
        )
      : [];
    if (!rows[0]) throw new AppError('not-found', 'upload-not-found', 'There is no such upload.');
    return toUpload(rows[0]);
  }

  /** Runs that named it keep their own copy. Throws as `get` does. */
  async delete(tenant: string, id: string): Promise<void> {
    await this.get(tenant, id);
    await this.remove(tenant, id);
  }

  /** Deletes what has expired, and what never arrived. Answers how many. */
  async sweep(): Promise<number> {
    for (let swept = 0; ;) {
      const rows = await this.database.asSystem((manager) =>
        manager.query<{ id: string; tenant_id: string }[]>(
          'select id, tenant_id from uploads where expires_at <= clock_timestamp() order by expires_at limit $1',
          [SWEPT_AT_ONCE],
        ),
      );
      if (rows.length === 0) return swept;
      for (const { id, tenant_id } of rows) await this.remove(tenant_id, id);
      swept += rows.length;
    }
  }

  /** All of a tenant, also what has not arrived. */
  async erase(tenant: string): Promise<void> {
    const rows = await this.database.inTenant(tenant, (manager) =>
      manager.query<{ id: string }[]>('select id from uploads where tenant_id = $1', [tenant]),
    );
    for (const { id } of rows) await this.remove(tenant, id);
  }

  private async requireRoom(tenant: string): Promise<void> {
    const [{ count, total }] = await this.database.inTenant(tenant, (manager) =>
      manager.query<[{ count: string; total: string }]>(
        'select count(*), coalesce(sum(size), 0) as total from uploads',
      ),
    );
    const { maxCount, maxTotalBytes } = this.limits;
    if (Number(count) < maxCount && Number(total) < maxTotalBytes) return;
    throw new AppError(
      'rejected',
      'upload-quota',
      'There is no room for more uploads: delete some, or wait until they expire.',
    );
  }

  private async arrived(
    tenant: string,
    id: string,
    { size, sha256 }: { size: number; sha256: string },
  ): Promise<Upload> {
    const [rows] = await this.database.inTenant(tenant, (manager) =>
      manager.query<[Row[], number]>(
        `update uploads set size = $2, sha256 = $3, expires_at = clock_timestamp() + $4::interval
          where id = $1 returning *`,
        [id, size, sha256, `${this.limits.expiryMs} ms`],
      ),
    );
    return toUpload(rows[0]!);
  }

  /** The bytes first: a row without them is swept again, bytes without a row would stay. */
  private async remove(tenant: string, id: string): Promise<void> {
    await this.store.deletePrefix(folderOf(id));
    await this.database.inTenant(tenant, (manager) =>
      manager.query('delete from uploads where id = $1', [id]),
    );
  }
}
