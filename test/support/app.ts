import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { INestApplication } from '@nestjs/common';
import { loadConfig } from '../../src/config/index.js';
import { serve } from '../../src/serve.js';
import { createTestDatabase, type TestDatabase } from './database.js';

export interface TestServer {
  url: string;
  app: INestApplication;
  database: TestDatabase;
  close(): Promise<void>;
}

const root = resolve(import.meta.dirname, '../..');

/** The whole service in this process, on a free port, with a database and an artifact folder of its own. */
export async function startServer(settings: Record<string, string> = {}): Promise<TestServer> {
  const database = await createTestDatabase();
  const artifacts = mkdtempSync(join(tmpdir(), 'honua-artifacts-'));
  const config = loadConfig(join(root, 'config'), {
    DATABASE_URL: database.url,
    PORT: '0',
    HONUA_LOG_LEVEL: 'fatal',
    Processing__ArtifactStore__Folder: artifacts,
    ...(settings.Identity__Logins && { Identity__Mode: 'required' }),
    ...settings,
  });
  const { app, url } = await serve(config);
  return {
    url: url.replace('localhost', '127.0.0.1'),
    app,
    database,
    close: async () => {
      await app.close();
      await database.drop();
      rmSync(artifacts, { recursive: true, force: true });
    },
  };
}
