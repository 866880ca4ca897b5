import { afterAll, beforeAll, expect, it } from 'vitest';
import { statusOf, submit, untilFinished } from '../support/ogc-client.js';
import { type Receiver, startReceiver } from '../support/receiver.js';
import { type FaultRig, openFaultRig } from './fault-rig.js';

let host: Receiver;
let rig: FaultRig;
beforeAll(async () => {
  host = await startReceiver();
  rig = await openFaultRig(1, { Outbound__Allow: host.host });
});
afterAll(async () => {
  await rig.close();
  await host.close();
});

it('a run whose server was killed reads what its reference gave the first time', async () => {
  host.content = () => ({ type: 'text/plain', body: 'as it was' });
  const echo = { href: `${host.url}/text` };
  const job = new URL(await submit(rig.server.url, 'echo', { inputs: { echo, pause: 3 } }));
  while ((await statusOf(job.href)).status !== 'running')
    await new Promise((resolve) => setTimeout(resolve, 20));
  await rig.server.stop('SIGKILL');
  host.content = () => ({ type: 'text/plain', body: 'as it is now' });
  await rig.killAndRestart();
  const again = new URL(job.pathname, rig.server.url).href;
  expect((await untilFinished(again)).status).toBe('successful');
  expect(await (await fetch(`${again}/results`)).text()).toContain('as it was');
  expect(host.received).toHaveLength(1);
});
