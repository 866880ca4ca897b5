import 'reflect-metadata';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Global, type INestApplicationContext, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CommandBus, CqrsModule, QueryBus } from '@nestjs/cqrs';
import { ArtifactsModule, ArtifactStore } from '../../src/artifacts/index.js';
import { ConfigModule, type HonuaConfig, loadConfig } from '../../src/config/index.js';
import {
  CancelRun,
  ControlPlaneModule,
  GetResults,
  GetRun,
  isTerminal,
  type ProcessRun,
  RunSignals,
  SubmitRun,
  type Submission,
  type SubmitRequest,
} from '../../src/control-plane/index.js';
import { DataSourcesModule } from '../../src/data-sources/index.js';
import { Database, DatabaseModule } from '../../src/database/index.js';
import {
  type AttemptRef,
  ExecutionModule,
  ExecutionTiers,
  InputInspector,
  RecordOutcome,
  ThreadWork,
} from '../../src/execution/index.js';
import { OutboundHttpModule } from '../../src/outbound-http/index.js';
import { RegistryModule } from '../../src/registry/index.js';
import type { Principal } from '../../src/shared/principal.js';
import { ProbeInspector, ProbeTier } from './probe-tier.js';

const root = resolve(import.meta.dirname, '../..');

const PROBE_PROCESS = `
id: probe
title: Probe
description: Does what the test says.
version: 1.0.0
preferredTiers: [in-process, postgis]
inputs: {}
outputs: { result: { title: Result, type: object } }
handlers: { in-process: {}, postgis: {} }
examples: [{ title: none, inputs: {} }]
`;

export const principal = (tenant = 'default'): Principal => ({
  tenant,
  user: 'tester',
  scopes: ['execute', 'read'],
});

/** The control plane on a real database, with tiers that the test directs. One of them is one server process. */
export interface ControlPlane {
  app: INestApplicationContext;
  config: HonuaConfig;
  database: Database;
  artifacts: ArtifactStore;
  signals: RunSignals;
  probe: ProbeTier;
  inspector: ProbeInspector;
  submit(body: object, over?: Partial<SubmitRequest>, tenant?: string): Promise<Submission>;
  /** Submits and answers the run; fails on anything else. */
  submitRun(body: object, over?: Partial<SubmitRequest>, tenant?: string): Promise<ProcessRun>;
  get(id: string, tenant?: string): Promise<ProcessRun>;
  resultText(id: string, tenant?: string): Promise<string>;
  cancel(id: string, tenant?: string): Promise<ProcessRun>;
  /** As a tier does that learns of an end by itself. */
  recordSuccess(attempt: AttemptRef): Promise<{ recorded: boolean }>;
  /** The run once it has ended. */
  ended(id: string, tenant?: string, limitMs?: number): Promise<ProcessRun>;
  close(): Promise<void>;
}

export async function startControlPlane(
  databaseUrl: string,
  settings: Record<string, string> = {},
  tiers: ProbeTier[] = [new ProbeTier()],
): Promise<ControlPlane> {
  const folder = mkdtempSync(join(tmpdir(), 'honua-control-'));
  writeFileSync(join(folder, 'probe.yaml'), PROBE_PROCESS);
  const config = loadConfig(join(root, 'config'), {
    DATABASE_URL: databaseUrl,
    Processing__ProcessesFolder: folder,
    Processing__ArtifactStore__Folder: join(folder, 'artifacts'),
    Database__PoolSize: '8',
    ...settings,
  });
  const inspector = new ProbeInspector();

  const threads: ThreadWork = { do: () => Promise.reject(new Error('There are no threads here')) };

  @Global()
  @Module({
    providers: [
      { provide: InputInspector, useValue: inspector },
      { provide: ThreadWork, useValue: threads },
    ],
    exports: [InputInspector, ThreadWork],
  })
  class ProbeModule {
    constructor(registry: ExecutionTiers) {
      for (const tier of tiers) registry.register(tier);
    }
  }

  @Module({
    imports: [
      CqrsModule.forRoot(),
      ConfigModule.with(config),
      DatabaseModule,
      DataSourcesModule,
      ArtifactsModule,
      OutboundHttpModule,
      RegistryModule,
      ExecutionModule,
      ProbeModule,
      ControlPlaneModule,
    ],
  })
  class ControlPlaneUnderTest {}

  const app = await NestFactory.createApplicationContext(ControlPlaneUnderTest, {
    logger: ['error', 'fatal'],
  });
  const [commands, queries] = [app.get(CommandBus), app.get(QueryBus)];
  const signals = app.get(RunSignals, { strict: false });

  const plane: ControlPlane = {
    app,
    config,
    database: app.get(Database),
    artifacts: app.get(ArtifactStore),
    signals,
    probe: tiers[0]!,
    inspector,
    submit: (body, over = {}, tenant) =>
      commands.execute(
        new SubmitRun(principal(tenant), { processId: 'probe', input: jsonInput(body), ...over }),
      ),
    submitRun: async (body, over, tenant) => {
      const submission = await plane.submit(body, over, tenant);
      if (submission.kind !== 'run') throw new Error('A dry run was answered');
      return submission.run;
    },
    get: (id, tenant) => queries.execute(new GetRun(principal(tenant), id)),
    resultText: async (id, tenant) => {
      const { outputs } = await queries.execute(new GetResults(principal(tenant), id));
      const { payload } = outputs[0]!;
      if (payload.kind === 'artifact') throw new Error('The result is an artifact');
      return new TextDecoder().decode(payload.bytes);
    },
    cancel: (id, tenant) => commands.execute(new CancelRun(principal(tenant), id)),
    recordSuccess: (attempt) => {
      const usage = { wallMs: 1, cpuMs: 1 };
      return commands.execute(
        new RecordOutcome(attempt, { kind: 'succeeded', outputs: [], messages: [], usage }),
      );
    },
    ended: async (id, tenant, limitMs = 20_000) => {
      const limit = performance.now() + limitMs;
      for (;;) {
        const moved = signals.next(id, 1_000);
        const run = await plane.get(id, tenant);
        if (isTerminal(run.state)) return run;
        if (performance.now() > limit) throw new Error(`The run is still ${run.state} after ${limitMs} ms`);
        await moved;
      }
    },
    close: async () => {
      await app.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return plane;
}

export function jsonInput(body: object): SubmitRequest['input'] {
  const bytes = new TextEncoder().encode(JSON.stringify(body));
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return {
    surface: 'ogc-processes',
    mediaType: 'application/json',
    payload: { kind: 'inline', bytes, size: bytes.length, sha256 },
  };
}
