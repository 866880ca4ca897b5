/** A server that uses nothing of AWS loads nothing of it and calls nobody. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { executeSync } from '../support/ogc-client.js';
import { type Receiver, startReceiver } from '../support/receiver.js';
import { spawnServer } from '../support/spawned-server.js';

const folder = mkdtempSync(join(tmpdir(), 'honua-loaded-'));
const loaded = join(folder, 'loaded');
let database: TestDatabase;
let aws: Receiver;
beforeAll(async () => {
  database = await createTestDatabase();
  aws = await startReceiver();
  // Both kinds of modules pass by it, in every thread.
  writeFileSync(
    join(folder, 'watch.mjs'),
    `import { appendFileSync } from 'node:fs';
     import { registerHooks } from 'node:module';
     registerHooks({ load: (url, context, next) => {
       if (/node_modules\\/(@aws-sdk|@smithy|sqs-consumer)\\//.test(url)) appendFileSync(${JSON.stringify(loaded)}, url + '\\n');
       return next(url, context);
     } });`,
  );
});
afterAll(async () => {
  await aws.close();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

async function runs(settings: Record<string, string>): Promise<string[]> {
  writeFileSync(loaded, '');
  const server = await spawnServer({
    DATABASE_URL: database.url,
    NODE_OPTIONS: `--import ${join(folder, 'watch.mjs')}`,
    Processing__ArtifactStore__Folder: join(folder, 'artifacts'),
    AWS_ENDPOINT_URL: aws.url,
    AWS_ACCESS_KEY_ID: 'x',
    AWS_SECRET_ACCESS_KEY: 'x',
    AWS_MAX_ATTEMPTS: '1',
    ...settings,
  });
  try {
    await executeSync(server.url, 'echo', { inputs: { echo: 'x' }, response: 'document' });
    await (await fetch(`${server.url}/health/ready`)).arrayBuffer();
  } finally {
    await server.stop('SIGTERM');
  }
  return readFileSync(loaded, 'utf8').split('\n').filter(Boolean);
}

it.each([
  [{}],
  [
    {
      Processing__Tier3Enabled: 'false',
      Processing__CloudBatch__SnsTopicArn: 'arn:aws:sns:us-east-1:123456789012:t',
    },
  ],
])('nothing is loaded and nobody is called with %j', async (settings) => {
  expect(await runs(settings as Record<string, string>)).toEqual([]);
  expect(aws.received).toEqual([]);
});

it('would be seen: with artifacts in S3 it is loaded, and called', async () => {
  const seen = await runs({ Processing__ArtifactStore__Provider: 's3' });
  expect(seen.some((url) => url.includes('/@aws-sdk/client-s3/'))).toBe(true);
  expect(seen.filter((url) => /client-(sqs|sns)|sqs-consumer/.test(url))).toEqual([]);
  expect(aws.received.length).toBeGreaterThan(0);
});
