import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  CopyObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  paginateListObjectsV2,
  type PutObjectCommandInput,
  S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { Logger } from '@nestjs/common';
import { AppError } from '../shared/app-error.js';
import { ArtifactStore, type ByteRange, type DirectUrl, type StoredArtifact } from './artifact-store.js';
import { artifactGone, isEmptyRange, isGone, s3Error } from './s3-errors.js';
import { S3Places, type S3PlacesSettings } from './s3-places.js';
import { SpoolFolder, type SpoolLimits } from './spool-folder.js';

export interface S3Settings extends S3PlacesSettings {
  region: string;
  /** Undefined: whatever the bucket does by itself. */
  encryption: { kmsKeyId?: string } | undefined;
  /** Clients are sent to S3 for what they download. */
  redirectDownloads: boolean;
  spool: { folder: string } & SpoolLimits;
}

/** Of one object, in memory at once: a part that is filled and one that is sent. */
const PART_BYTES = 8 * 1024 ** 2;
const PARTS_AT_ONCE = 2;
/** S3 copies no more than that in one call. */
const LARGEST_COPY = 5 * 1024 ** 3;
const DELETED_AT_ONCE = 1000;
const HEALTH_MS = 1_500;

/** Artifacts as objects of S3, in a bucket of what jobs read and one of all else. An object is there whole or not at all. */
export class S3ArtifactStore extends ArtifactStore {
  private readonly log = new Logger(S3ArtifactStore.name);
  private readonly places: S3Places;
  private readonly client: S3Client;
  private readonly spool: SpoolFolder;

  constructor(private readonly settings: S3Settings) {
    super();
    this.places = new S3Places(settings);
    this.spool = new SpoolFolder(settings.spool.folder, settings.spool);
    this.client = new S3Client({
      region: settings.region,
      // Another S3 than that of AWS is found by its address alone, where buckets have no host names.
      // oxlint-disable-next-line node/no-process-env -- the standard variables of every AWS client
      forcePathStyle: Boolean(process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL),
      // As long as the slowest part may take; a body that is read slowly is not timed.
      requestHandler: { connectionTimeout: 5_000, requestTimeout: 120_000, throwOnRequestTimeout: true },
    });
  }

  put(key: string, content: Readable | Uint8Array, maxBytes: number): Promise<StoredArtifact> {
    return this.upload(key, content, maxBytes, {});
  }

  putOnce(key: string, content: Readable | Uint8Array, maxBytes: number): Promise<StoredArtifact> {
    return this.upload(key, content, maxBytes, { IfNoneMatch: '*' });
  }

  /** Within S3, without its bytes coming here. */
  override async copy(from: string, to: string): Promise<void> {
    const found = await this.stat(from);
    if (!found) throw artifactGone();
    if (found.size > LARGEST_COPY) return super.copy(from, to);
    const { Bucket, Key } = this.places.of(from);
    const input = {
      ...this.written(to),
      CopySource: `${Bucket}/${Key}`,
      TaggingDirective: 'REPLACE',
    } as const;
    await this.call(() => this.client.send(new CopyObjectCommand(input)));
  }

  async open(key: string, range?: ByteRange): Promise<Readable> {
    const Range = range && `bytes=${range.start}-${range.end}`;
    return this.read({ ...this.places.of(key), ...(Range && { Range }) });
  }

  async stat(key: string): Promise<{ size: number } | undefined> {
    const found = await this.head(key);
    return found && { size: found.size };
  }

  /** A copy, which is there for `spool.holdMs` from now. */
  async localPath(key: string): Promise<string> {
    const found = await this.head(key);
    if (!found) throw artifactGone();
    const { etag, size } = found;
    const place = this.places.of(key);
    const version = `${place.Bucket}/${key}/${etag}`;
    return this.spool.pathOf({ version, size }, () => this.read({ ...place, IfMatch: etag }));
  }

  uriOf(key: string): string {
    const { Bucket, Key } = this.places.of(key);
    return `s3://${Bucket}/${Key}`;
  }

  override async directUrl(
    key: string,
    { seconds, mediaType, disposition }: DirectUrl,
  ): Promise<string | undefined> {
    if (!this.settings.redirectDownloads) return undefined;
    const input = {
      ...this.places.of(key),
      ResponseContentType: mediaType,
      ResponseContentDisposition: disposition,
    };
    return this.call(() => getSignedUrl(this.client, new GetObjectCommand(input), { expiresIn: seconds }));
  }

  async deletePrefix(prefix: string): Promise<void> {
    const { Bucket, Key } = this.places.of(prefix);
    const folder = Key.endsWith('/') ? Key : `${Key}/`;
    if (folder !== Key) await this.delete(Bucket, [Key]);
    await this.call(async () => {
      const pages = paginateListObjectsV2(
        { client: this.client, pageSize: DELETED_AT_ONCE },
        { Bucket, Prefix: folder },
      );
      for await (const { Contents = [] } of pages)
        await this.delete(
          Bucket,
          Contents.map(({ Key }) => Key!),
        );
    });
  }

  async health(): Promise<{ healthy: boolean; detail?: string }> {
    const abortSignal = AbortSignal.timeout(HEALTH_MS);
    try {
      for (const Bucket of this.places.buckets)
        await this.call(() => this.client.send(new HeadBucketCommand({ Bucket }), { abortSignal }));
      return { healthy: true };
    } catch (error) {
      const { kind, message } = s3Error(error);
      return { healthy: false, detail: kind === 'unavailable' ? message : 'A bucket is not there.' };
    }
  }

  override close(): void {
    this.spool.close();
    this.client.destroy();
  }

  private async upload(
    key: string,
    content: Readable | Uint8Array,
    maxBytes: number,
    condition: Pick<PutObjectCommandInput, 'IfNoneMatch'>,
  ): Promise<StoredArtifact> {
    const measured = new Measured(content, maxBytes);
    const params = { ...this.written(key), ...condition, Body: Readable.from(measured.chunks()) };
    const upload = new Upload({
      client: this.client,
      params,
      partSize: PART_BYTES,
      queueSize: PARTS_AT_ONCE,
    });
    await this.call(() => upload.done()).catch((error: unknown) => {
      // What the content failed of is its owner's, and no matter of S3.
      throw measured.failure ?? error;
    });
    return { key, size: measured.size, sha256: measured.sha256 };
  }

  private written(key: string): Pick<PutObjectCommandInput, 'Tagging'> & { Bucket: string; Key: string } {
    const { encryption } = this.settings;
    const tags = this.places.tagsOf(key);
    return {
      ...this.places.of(key),
      ...(tags && { Tagging: tags }),
      ...(encryption && {
        ServerSideEncryption: 'aws:kms',
        BucketKeyEnabled: true,
        ...(encryption.kmsKeyId && { SSEKMSKeyId: encryption.kmsKeyId }),
      }),
    };
  }

  private async head(key: string): Promise<{ size: number; etag: string } | undefined> {
    return this.call(async () => {
      try {
        const found = await this.client.send(new HeadObjectCommand(this.places.of(key)));
        return { size: found.ContentLength ?? 0, etag: found.ETag ?? '' };
      } catch (error) {
        if (isGone(error)) return undefined;
        throw error;
      }
    });
  }

  private async read(input: {
    Bucket: string;
    Key: string;
    Range?: string;
    IfMatch?: string;
  }): Promise<Readable> {
    return this.call(async () => {
      try {
        const { Body } = await this.client.send(new GetObjectCommand(input));
        return Body as Readable;
      } catch (error) {
        if (isEmptyRange(error)) return Readable.from([]);
        throw error;
      }
    });
  }

  private async delete(Bucket: string, keys: string[]): Promise<void> {
    if (keys.length === 0) return;
    const Delete = { Objects: keys.map((Key) => ({ Key })), Quiet: true };
    const { Errors = [] } = await this.call(() =>
      this.client.send(new DeleteObjectsCommand({ Bucket, Delete })),
    );
    const [first] = Errors;
    if (first)
      throw s3Error(new Error(`${Errors.length} of ${keys.length} could not be deleted: ${first.Code}`));
  }

  private async call<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (thrown) {
      const error = s3Error(thrown);
      if (error.kind === 'unavailable' && error !== thrown)
        this.log.warn(`S3: ${(thrown as Error).name}: ${(thrown as Error).message}`);
      throw error;
    }
  }
}

/** Content on its way through: its size, which is bounded, and its hash. */
class Measured {
  size = 0;
  sha256 = '';
  failure: unknown;

  constructor(
    private readonly content: Readable | Uint8Array,
    private readonly maxBytes: number,
  ) {}

  async *chunks(): AsyncGenerator<Uint8Array> {
    const hash = createHash('sha256');
    try {
      for await (const chunk of this.content instanceof Readable ? this.content : [this.content]) {
        const bytes = chunk as Uint8Array;
        this.size += bytes.length;
        if (this.size > this.maxBytes)
          throw new AppError('too-large', 'artifact-too-large', `More than ${this.maxBytes} bytes.`);
        hash.update(bytes);
        yield bytes;
      }
    } catch (error) {
      this.failure = error;
      throw error;
    }
    this.sha256 = hash.digest('hex');
  }
}
