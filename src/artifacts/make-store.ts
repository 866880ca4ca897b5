import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HonuaConfig } from '../config/index.js';
import type { ArtifactStore } from './artifact-store.js';
import { LocalArtifactStore } from './local-artifact-store.js';
import type { S3Settings } from './s3-artifact-store.js';

const DAY_MS = 86_400_000;
/** Longer than a request waits before its files are opened. */
const SPOOL_HOLD_MS = 3_600_000;

/** The store that the configuration names. Nothing of AWS is loaded for any other than S3. */
export async function makeStore(config: HonuaConfig): Promise<ArtifactStore> {
  const { provider, folder } = config.processing.artifactStore;
  const here = folder ?? join(tmpdir(), 'honua-artifacts');
  if (provider === 'local') return new LocalArtifactStore(here);
  const { S3ArtifactStore } = await import('./s3-artifact-store.js');
  return new S3ArtifactStore(s3Settings(config, join(here, '.spool')));
}

function s3Settings({ processing, retention }: HonuaConfig, spoolFolder: string): S3Settings {
  const { artifactStore, cloudBatch, logRetentionDays } = processing;
  const { bucket, requireServerSideEncryption, kmsKeyId, redirectDownloads, spoolBytes } = artifactStore;
  const ofBatch = cloudBatch.provider === 'aws-batch';
  return {
    region: cloudBatch.region,
    inputBucket: ofBatch ? cloudBatch.inputBucket : bucket,
    outputBucket: ofBatch ? cloudBatch.outputBucket : bucket,
    retentionDays: {
      staged: cloudBatch.s3RetentionDays,
      outputs: retention.artifacts / DAY_MS,
      logs: logRetentionDays,
    },
    encryption: requireServerSideEncryption ? { ...(kmsKeyId && { kmsKeyId }) } : undefined,
    redirectDownloads,
    spool: { folder: spoolFolder, maxBytes: spoolBytes, holdMs: SPOOL_HOLD_MS },
  };
}
