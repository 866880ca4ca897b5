import { afterAll, beforeAll, expect } from 'vitest';
import { startServer, type TestServer } from '../support/app.js';
import { submit } from '../support/ogc-client.js';
import { type Receiver, startReceiver } from '../support/receiver.js';
import { requirement } from './requirement.js';
import { expectValid } from './standard-schemas.js';

let receiver: Receiver;
let server: TestServer;
beforeAll(async () => {
  receiver = await startReceiver();
  server = await startServer({ Outbound__Allow: receiver.host });
});
afterAll(async () => {
  await server.close();
  await receiver.close();
});

requirement('/req/callback/job-callback', async () => {
  const subscriber = {
    successUri: `${receiver.url}/success`,
    inProgressUri: `${receiver.url}/progress`,
    failedUri: `${receiver.url}/failed`,
  };
  await submit(server.url, 'echo', { inputs: { echo: 'x', pause: 3 }, subscriber } as never);
  const progress = await receiver.until(({ path }) => path === '/progress');
  const success = await receiver.until(({ path }) => path === '/success');
  expectValid('statusInfo', JSON.parse(progress.body));
  expectValid('results', JSON.parse(success.body));

  const pole = { type: 'Point', coordinates: [0, 90] };
  await submit(server.url, 'reproject', {
    inputs: { features: pole, targetCrs: 'EPSG:3857' },
    subscriber,
  } as never);
  const failed = await receiver.until(({ path }) => path === '/failed');
  expectValid('exception', JSON.parse(failed.body));
  expect(receiver.received.filter(({ path }) => path === '/success')).toHaveLength(1);
});
