/**
 * What limits, rate, budget and policies of a tenant add to a small synchronous request, and what is left of its rate: in
 * turns with everything on and with quotas off, on one server. `npm run bench:admission`
 */
import { percentile, print, withRig } from './rig.ts';

const WARM_UP = 100;
const ROUNDS = 4;
const REQUESTS = 200;
const AT_ONCE = 8;
const BODY = JSON.stringify({ inputs: { features: { type: 'Point', coordinates: [7, 51] }, distance: 100 } });
const EVERYTHING = {
  requestsPerSecond: 100_000,
  requestBurst: 100_000,
  maxCostUnitsPerDay: 1_000_000,
  maxCostUnitsPerMonth: 1_000_000,
  maxCpuSecondsPerDay: 1_000_000,
  maxConcurrentJobs: 50,
  maxConcurrentCpuBurst: 50,
};
const NOTHING = { requestsPerSecond: null, maxConcurrentJobs: 1_000 };

await withRig({}, async ({ server }) => {
  const exchange = async (): Promise<number> => {
    const began = performance.now();
    const reply = await fetch(`${server.url}/processes/buffer/execution`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: BODY,
    });
    await reply.arrayBuffer();
    if (reply.status !== 200) throw new Error(`Expected 200, got ${reply.status}`);
    return performance.now() - began;
  };
  const put = async (path: string, body: object): Promise<void> => {
    const url = `${server.url}/admin/tenants/default/${path}`;
    const etag = (await fetch(url)).headers.get('etag');
    const headers = { 'content-type': 'application/json', ...(etag && { 'if-match': etag }) };
    const reply = await fetch(url, { method: 'PUT', headers, body: JSON.stringify(body) });
    if (reply.status !== 200) throw new Error(`${reply.status} ${await reply.text()}`);
  };
  const found = {
    on: { ms: [] as number[], perSecond: [] as number[] },
    off: { ms: [] as number[], perSecond: [] as number[] },
  };
  for (let n = 0; n < WARM_UP; n++) await exchange();
  for (let round = 0; round < ROUNDS; round++)
    for (const how of ['on', 'off'] as const) {
      await put('limits', how === 'on' ? EVERYTHING : NOTHING);
      await put(
        'policy-overrides/*',
        how === 'on' ? { tierOrder: ['in-process'], maxEstimatedCostUnits: 50 } : {},
      );
      for (let n = 0; n < REQUESTS; n++) found[how].ms.push(await exchange());
      const began = performance.now();
      let left = REQUESTS * 2;
      const caller = async (): Promise<void> => {
        while (left-- > 0) await exchange();
      };
      await Promise.all(Array.from({ length: AT_ONCE }, caller));
      found[how].perSecond.push((REQUESTS * 2 * 1000) / (performance.now() - began));
    }
  const [on, off] = [percentile(found.on.ms, 0.5), percentile(found.off.ms, 0.5)];
  print(
    'Sync buffer of a point, one at a time, quotas off / on, p50 ms',
    `${off.toFixed(2)} / ${on.toFixed(2)}`,
  );
  print('so admission with everything on adds, p50 ms (wanted: 2 at most)', (on - off).toFixed(2));
  const [fast, all] = [percentile(found.off.perSecond, 0.5), percentile(found.on.perSecond, 0.5)];
  print(`Requests per second, ${AT_ONCE} at once, quotas off / on`, `${fast.toFixed(0)} / ${all.toFixed(0)}`);
  print('ratio (wanted: 0.8 at least)', (all / fast).toFixed(2));
});
