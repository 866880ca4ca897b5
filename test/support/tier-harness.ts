import 'reflect-metadata';
import { createHash, randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Global, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CommandHandler, CqrsModule, type ICommandHandler } from '@nestjs/cqrs';
import { ArtifactStore } from '../../src/artifacts/index.js';
import { LocalArtifactStore } from '../../src/artifacts/local-artifact-store.js';
import { ConfigModule, type HonuaConfig, loadConfig } from '../../src/config/index.js';
import {
  type Attempt,
  ExecutionModule,
  type ExecutionTier,
  ExecutionTiers,
  InputInspector,
  type Outcome,
  type Payload,
  ReportProgress,
  type RunInput,
} from '../../src/execution/index.js';
import { loadDefinition, type ProcessDefinition, type TierName } from '../../src/registry/index.js';
import { DataSourcesModule } from '../../src/data-sources/index.js';
import { DatabaseModule } from '../../src/database/index.js';
import { InProcessModule } from '../../src/tiers/in-process/index.js';
import { PostgisModule } from '../../src/tiers/postgis/index.js';

const root = resolve(import.meta.dirname, '../..');

export const reportedProgress: ReportProgress[] = [];

@CommandHandler(ReportProgress)
class ProgressCollector implements ICommandHandler<ReportProgress> {
  async execute(command: ReportProgress): Promise<void> {
    reportedProgress.push(command);
  }
}

export interface TierHarness {
  tier: ExecutionTier;
  inspector: InputInspector;
  artifacts: ArtifactStore;
  config: HonuaConfig;
  bytesOf(payload: Payload): Promise<Buffer>;
  close(): Promise<void>;
}

/** The in-process tier with real threads, and nothing else of the service. */
export const startInProcessTier = (settings: Record<string, string> = {}): Promise<TierHarness> =>
  startTier('in-process', [], settings);

/** The postgis tier on a migrated database, with the threads that read for it. */
export const startPostgisTier = (
  databaseUrl: string,
  settings: Record<string, string> = {},
): Promise<TierHarness> =>
  startTier('postgis', [DatabaseModule, DataSourcesModule, PostgisModule], {
    DATABASE_URL: databaseUrl,
    ...settings,
  });

async function startTier(
  name: TierName,
  modules: (typeof PostgisModule | typeof DatabaseModule | typeof DataSourcesModule)[],
  settings: Record<string, string>,
): Promise<TierHarness> {
  const folder = mkdtempSync(join(tmpdir(), 'honua-tier-'));
  const config = loadConfig(join(root, 'config'), { Processing__ArtifactStore__Folder: folder, ...settings });
  @Global()
  @Module({
    providers: [{ provide: ArtifactStore, useValue: new LocalArtifactStore(folder) }],
    exports: [ArtifactStore],
  })
  class ArtifactsAlone {}
  @Module({
    imports: [
      CqrsModule.forRoot(),
      ConfigModule.with(config),
      ArtifactsAlone,
      ExecutionModule,
      InProcessModule,
      ...modules,
    ],
    providers: [ProgressCollector],
  })
  class TierUnderTest {}
  const app = await NestFactory.createApplicationContext(TierUnderTest, {
    logger: ['fatal'],
    abortOnError: false,
  });
  const artifacts = app.get(ArtifactStore);
  return {
    tier: app.get(ExecutionTiers).get(name),
    inspector: app.get(InputInspector),
    artifacts,
    config,
    bytesOf: async (payload) =>
      payload.kind === 'inline'
        ? Buffer.from(payload.bytes)
        : readFileSync(await artifacts.localPath(payload.key)),
    close: async () => {
      await app.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A shipped process, as the catalog has it. */
export function shippedProcess(file: string): ProcessDefinition {
  const { entry, faults } = loadDefinition(file, readFileSync(join(root, 'processes', file), 'utf8'));
  if (!entry) throw new Error(JSON.stringify(faults));
  return entry.definition;
}

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export function inputOf(body: unknown): RunInput {
  const bytes = new Uint8Array(Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)));
  return {
    surface: 'ogc-processes',
    mediaType: 'application/json',
    payload: { kind: 'inline', bytes, size: bytes.length, sha256: sha256(bytes) },
  };
}

export function attemptOf(
  definition: ProcessDefinition,
  body: unknown,
  limits: Partial<Attempt['limits']> = {},
): Attempt {
  return {
    runId: randomUUID(),
    tenant: 'default',
    attempt: 1,
    tier: 'in-process',
    definition,
    input: inputOf(body),
    limits: {
      maxFeatures: 1e6,
      maxVertices: 1e8,
      maxOutputFeatures: 1e6,
      maxOutputBytes: 2 ** 30,
      timeoutMs: 60_000,
      memoryBytes: 2 ** 30,
      ...limits,
    },
  };
}

/** The outcome of an attempt that must finish at once. */
export async function outcomeOf(tier: ExecutionTier, attempt: Attempt): Promise<Outcome> {
  const started = await tier.start(attempt);
  if (started.kind !== 'finished') throw new Error(`not finished but ${started.kind}`);
  return started.outcome;
}

/** The outputs of an attempt that must succeed, read as JSON. */
export async function outputsOf(harness: TierHarness, attempt: Attempt): Promise<Record<string, any>> {
  const outcome = await outcomeOf(harness.tier, attempt);
  if (outcome.kind !== 'succeeded') throw new Error(JSON.stringify(outcome));
  const outputs: Record<string, any> = {};
  for (const { id, payload } of outcome.outputs) {
    const bytes = await harness.bytesOf(payload);
    if (sha256(bytes) !== payload.sha256 || bytes.length !== payload.size)
      throw new Error('the bytes are not those of the hash');
    outputs[id] = JSON.parse(bytes.toString('utf8'));
  }
  return outputs;
}
