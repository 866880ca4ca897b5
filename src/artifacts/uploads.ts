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
  description?: string;
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
  /** What stands beside it in its form; all of it once it is whole. */
  fields?: ReadonlyMap<string, string>;
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
  description: string | null;
  size: string;
  sha256: string;
  created_at: Date;
  expires_at: Date;
}

/** An upload that has not arrived by then was given up, or its server is gone. */
const ARRIVAL = '6 hours';
const SWEPT_AT_ONCE = 200;

export const folderOf = (id: string): string => `uploads/${id}`;

function toUpload(row: Row): Upload {
  return {
    id: row.id,
    mediaType: row.media_type,
    ...(row.file_name !== null && { fileName: row.file_name }),
    ...(row.description !== null && { description: row.description }),
    size: Number(row.size),
    sha256: row.sha256,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    key: `${folderOf(row.id)}/content`,
  };
}

export const noSuchUpload = (): AppError =>
  new AppError('not-found', 'upload-not-found', 'There is no such upload.');

/** Files that tenants send once and name in as many requests as they like, until they expire. */
export class Uploads {
  constructor(
    private readonly database: Database,
    private readonly store: ArtifactStore,
    private readonly limits: UploadLimits,
  ) {}

  /** Streams it to the store; a file that does not arrive whole leaves nothing. Throws AppError `too-large`, `rejected`. */
  async take(principal: Principal, file: IncomingFile): Promise<Upload> {
    const { tenant } = principal;
    const id = await this.register(principal, file);
    try {
      const stored = await this.store.put(`${folderOf(id)}/content`, file.content, this.limits.maxBytes);
      await file.whole;
      return await this.arrived(tenant, id, { ...stored, description: file.fields?.get('description') });
    } catch (error) {
      file.content.destroy();
      await this.remove(tenant, id);
      throw this.toldTooLarge(error);
    }
  }

  /** Makes place for an upload that is still to come, for a while. Answers its id. Throws AppError `rejected`. */
  async register(
    { tenant, user }: Principal,
    { mediaType, fileName, description }: Pick<Upload, 'mediaType' | 'fileName' | 'description'>,
  ): Promise<string> {
    await this.requireRoom(tenant);
    const id = uuidV7(new Date());
    await this.database.inTenant(tenant, (manager) =>
      manager.query(
        `insert into uploads (id, tenant_id, user_id, media_type, file_name, description, expires_at)
         values ($1, $2, $3, $4, $5, $6, clock_timestamp() + $7::interval)`,
        [id, tenant, user, mediaType, fileName ?? null, description ?? null, ARRIVAL],
      ),
    );
    return id;
  }

  toldTooLarge(error: unknown): unknown {
    if (!(error instanceof AppError) || error.code !== 'artifact-too-large') return error;
    return new AppError(
      'too-large',
      'upload-too-large',
      `An upload has at most ${this.limits.maxBytes} bytes.`,
    );
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
    if (!rows[0]) throw noSuchUpload();
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

  /** Throws AppError `rejected` where a tenant has as much as it may have. */
  async requireRoom(tenant: string): Promise<void> {
    const [{ count, total }] = await this.database.inTenant(tenant, (manager) =>
      manager.query<[{ count: string; total: string }]>(
        `select count(*), coalesce(sum(size), 0)
                + (select coalesce(sum(size), 0) from upload_parts) as total from uploads`,
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

  /** Its content is in its folder of the store, whole. */
  async arrived(
    tenant: string,
    id: string,
    { size, sha256, description }: { size: number; sha256: string; description?: string },
  ): Promise<Upload> {
    const [rows] = await this.database.inTenant(tenant, (manager) =>
      manager.query<[Row[], number]>(
        `update uploads set size = $2, sha256 = $3, expires_at = clock_timestamp() + $4::interval,
                description = coalesce($5, description)
          where id = $1 returning *`,
        [id, size, sha256, `${this.limits.expiryMs} ms`, description ?? null],
      ),
    );
    if (!rows[0]) throw noSuchUpload(); // deleted meanwhile
    return toUpload(rows[0]);
  }

  /** The bytes first: a row without them is swept again, bytes without a row would stay. */
  async remove(tenant: string, id: string): Promise<void> {
    await this.store.deletePrefix(folderOf(id));
    await this.database.inTenant(tenant, (manager) =>
      manager.query('delete from uploads where id = $1', [id]),
    );
  }
}
