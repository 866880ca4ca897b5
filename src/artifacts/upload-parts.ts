import { Readable } from 'node:stream';
import type { Database } from '../database/index.js';
import { AppError, invalidInput } from '../shared/app-error.js';
import { isUuidV7 } from '../shared/uuid-v7.js';
import type { ArtifactStore } from './artifact-store.js';
import { folderOf, type IncomingFile, noSuchUpload, type Upload, type Uploads } from './uploads.js';

/** What is known of an upload whether it is whole or still to come. */
export interface UploadItem {
  id: string;
  fileName?: string;
  description?: string;
  createdAt: Date;
  /** Whether it is whole, and can be named by requests. */
  committed: boolean;
}

interface Row {
  id: string;
  file_name: string | null;
  description: string | null;
  created_at: Date;
  size: string | null;
}

/** Of one upload. */
const MOST_PARTS = 10_000;

/** Uploads that come in parts: registered, sent piece by piece in any order, and put together at the end. */
export class UploadParts {
  constructor(
    private readonly database: Database,
    private readonly store: ArtifactStore,
    private readonly uploads: Uploads,
    private readonly maxBytes: number,
  ) {}

  /** Throws AppError `not-found` as `Uploads.get` does; what is still to come is found too. */
  async item(tenant: string, id: string): Promise<UploadItem> {
    const rows = isUuidV7(id)
      ? await this.database.inTenant(tenant, (manager) =>
          manager.query<Row[]>('select * from uploads where id = $1 and expires_at > clock_timestamp()', [
            id,
          ]),
        )
      : [];
    const [row] = rows;
    if (!row) throw noSuchUpload();
    return {
      id: row.id,
      ...(row.file_name !== null && { fileName: row.file_name }),
      ...(row.description !== null && { description: row.description }),
      createdAt: row.created_at,
      committed: row.size !== null,
    };
  }

  /** Stores a part; one that was there under its number is replaced. Throws AppError. */
  async take(
    tenant: string,
    id: string,
    { part, file }: { part: number; file: IncomingFile },
  ): Promise<void> {
    try {
      await this.requireOpen(tenant, id);
      if (!Number.isInteger(part) || part < 1 || part > MOST_PARTS)
        throw invalidInput(`Parts are numbered from 1 to ${MOST_PARTS}.`);
      await this.uploads.requireRoom(tenant);
      const { size } = await this.store.put(partKey(id, part), file.content, this.maxBytes);
      await file.whole;
      await this.database.inTenant(tenant, (manager) =>
        manager.query(
          `insert into upload_parts (upload_id, part, tenant_id, size) values ($1, $2, $3, $4)
           on conflict (upload_id, part) do update set size = excluded.size`,
          [id, part, tenant, size],
        ),
      );
    } catch (error) {
      file.content.destroy();
      throw this.uploads.toldTooLarge(error);
    }
  }

  /** Puts parts together in the order of their numbers: those listed, else all. Throws AppError. */
  async commit(tenant: string, id: string, listed: number[] | undefined): Promise<Upload> {
    await this.requireOpen(tenant, id);
    const there = (
      await this.database.inTenant(tenant, (manager) =>
        manager.query<{ part: number }[]>(
          'select part from upload_parts where upload_id = $1 order by part',
          [id],
        ),
      )
    ).map(({ part }) => part);
    const parts = listed ? [...new Set(listed)].sort((a, b) => a - b) : there;
    const missing = parts.filter((part) => !there.includes(part));
    if (missing.length > 0)
      throw invalidInput(`These parts have not arrived: ${missing.slice(0, 20).join(', ')}.`);
    if (parts.length === 0) throw invalidInput('No part has arrived yet.');
    const content = Readable.from(this.joined(id, parts), { objectMode: false });
    const stored = await this.store
      .put(`${folderOf(id)}/content`, content, this.maxBytes)
      .catch((error: unknown) => {
        throw this.uploads.toldTooLarge(error);
      });
    const upload = await this.uploads.arrived(tenant, id, stored);
    await this.database.inTenant(tenant, (manager) =>
      manager.query('delete from upload_parts where upload_id = $1', [id]),
    );
    await this.store.deletePrefix(partsFolder(id));
    return upload;
  }

  private async *joined(id: string, parts: number[]): AsyncGenerator<Buffer> {
    for (const part of parts)
      for await (const chunk of await this.store.open(partKey(id, part))) yield chunk as Buffer;
  }

  private async requireOpen(tenant: string, id: string): Promise<void> {
    const { committed } = await this.item(tenant, id);
    if (committed) throw new AppError('conflict', 'upload-committed', 'The upload is committed already.');
  }
}

const partsFolder = (id: string): string => `${folderOf(id)}/parts`;
const partKey = (id: string, part: number): string => `${partsFolder(id)}/${part}`;
