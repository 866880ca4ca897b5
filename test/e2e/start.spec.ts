import { createServer } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { spawnServer } from '../support/spawned-server.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const failure = async (env: Record<string, string>): Promise<string> =>
  spawnServer({ DATABASE_URL: database.url, ...env }).then(
    async (server) => {
      await server.stop('SIGKILL');
      return 'it started';
    },
    (error: Error) => error.message,
  );

it('says in one line that its port is in use', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  const { port } = other.address() as { port: number };
  try {
    const text = await failure({ PORT: String(port) });
    expect(text).toContain(`Port ${port} is in use`);
    expect(text).not.toContain('    at ');
  } finally {
    other.close();
  }
});

it('names every bad setting and starts nothing', async () => {
  const text = await failure({ Scheduling__Lease: 'soon', Limits__MaxInputFeature: '1' });
  expect(text).toMatch(/scheduling\.lease/);
  expect(text).toMatch(/MaxInputFeature/);
  expect(text).not.toContain('    at ');
});

it('says in one line that the database does not answer', async () => {
  const text = await failure({ DATABASE_URL: 'postgresql://honua:x@127.0.0.1:9/honua' });
  expect(text).toContain('The database at 127.0.0.1:9 does not answer');
  expect(text).not.toContain('    at ');
});

it('ends by itself on SIGTERM', async () => {
  const server = await spawnServer({ DATABASE_URL: database.url });
  expect((await fetch(`${server.url}/health/ready`)).status).toBe(200);
  await server.stop('SIGTERM');
  expect(server.process.exitCode).toBe(0);
});
