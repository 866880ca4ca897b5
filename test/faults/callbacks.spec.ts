import { afterAll, beforeAll, expect, it } from 'vitest';
import { post } from '../support/ogc-client.js';
import { type Receiver, startReceiver } from '../support/receiver.js';
import { type FaultRig, openFaultRig } from './fault-rig.js';

let receiver: Receiver;
let rig: FaultRig;
beforeAll(async () => {
  receiver = await startReceiver();
  rig = await openFaultRig(1, {
    Outbound__Allow: receiver.host,
    Callbacks__Timeout: '2s',
    Callbacks__FirstRetry: '1s',
    Callbacks__LongestRetry: '1s',
  });
});
afterAll(async () => {
  await rig.close();
  await receiver.close();
});

const ids = (path: string): unknown[] =>
  receiver.received.filter((came) => came.path === path).map(({ headers }) => headers['webhook-id']);
const run = async (path: string): Promise<void> => {
  const body = { inputs: { echo: 'x' }, subscriber: { successUri: receiver.url + path } };
  const reply = await post(rig.server.url, 'echo', body, { prefer: 'respond-async' });
  expect(reply.status).toBe(201);
};

it('a server killed between the end of a run and its delivery delivers after its restart', async () => {
  receiver.answer = () => 503;
  await run('/after');
  await receiver.until(({ path }) => path === '/after');
  await rig.server.stop('SIGKILL');
  const before = ids('/after').length;
  receiver.answer = () => 204;
  await rig.killAndRestart();
  await receiver.until(() => ids('/after').length > before);
  expect(new Set(ids('/after')).size).toBe(1);
});

it('a server killed in the middle of a delivery makes it again, under the same id', async () => {
  receiver.answer = () => 'hang';
  await run('/amid');
  await receiver.until(({ path }) => path === '/amid');
  await rig.server.stop('SIGKILL');
  const before = ids('/amid').length;
  receiver.answer = () => 204;
  await rig.killAndRestart();
  await receiver.until(() => ids('/amid').length > before, 45_000);
  expect(new Set(ids('/amid')).size).toBe(1);
});

it('200 runs, two kills: every subscriber is told of every end, each under one id', async () => {
  receiver.answer = () => 204;
  const paths = Array.from({ length: 200 }, (_, index) => `/many/${index}`);
  const submit = async (some: string[]): Promise<void> => {
    for (const path of some) await run(path);
  };
  await submit(paths.slice(0, 100));
  await rig.killAndRestart();
  await submit(paths.slice(100));
  await rig.killAndRestart();
  const told = (): number =>
    new Set(receiver.received.map(({ path }) => path).filter((path) => paths.includes(path))).size;
  await receiver.until(() => told() === paths.length, 90_000);
  for (const path of paths) expect(new Set(ids(path)).size).toBe(1);
  const extra = receiver.received.filter(({ path }) => path.startsWith('/many/')).length - paths.length;
  console.log(`200 callbacks over two kills: all told, ${extra} more than once`);
}, 150_000);
