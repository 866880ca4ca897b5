/** The server is killed without warning while it works; nothing accepted is lost, doubled or changed. */
import { createHash } from 'node:crypto';
import type { FeatureCollection } from 'geojson';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { statusOf, submit, untilFinished } from '../support/ogc-client.js';
import { countries, upTo } from '../support/real-data.js';
import { type FaultRig, openFaultRig, readLedger } from './fault-rig.js';

const RUNS = 200;
const KILLS = 3;

let rig: FaultRig;
beforeEach(async () => {
  rig = await openFaultRig();
});
afterEach(() => rig.close());

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** The same job on whichever server runs now. */
const jobOn = (url: string, job: string): string => new URL(new URL(job).pathname, url).href;

async function digestOfResults(job: string): Promise<string> {
  const reply = await fetch(`${job}/results`);
  expect(reply.status).toBe(200);
  return createHash('sha256')
    .update(Buffer.from(await reply.arrayBuffer()))
    .digest('hex');
}

it('a run whose server is killed while it computes ends successful, once, with the undisturbed result', async () => {
  const body = { inputs: { features: upTo(8_000_000, countries()) } };
  const undisturbed = await submit(rig.server.url, 'union', body);
  expect((await untilFinished(undisturbed)).status).toBe('successful');
  const expected = await digestOfResults(undisturbed);

  const disturbed = await submit(rig.server.url, 'union', body);
  while ((await statusOf(disturbed)).status !== 'running') await pause(10);
  await pause(300);
  await rig.killAndRestart();

  const job = jobOn(rig.server.url, disturbed);
  expect((await untilFinished(job, 60_000)).status).toBe('successful');
  expect(await digestOfResults(job)).toBe(expected);
  expect(await readLedger(rig.superUrl)).toMatchObject({
    runs: 2,
    terminal: 2,
    endedTwice: 0,
    mostAttempts: 2,
    retried: 1,
  });
});

it(`of ${RUNS} runs under ${KILLS} random kills none is lost, doubled or crossed`, async () => {
  const jobs = new Map<number, string>();
  const submitting = (async () => {
    for (let nonce = 0; nonce < RUNS; nonce++) jobs.set(nonce, await submitUntilAnswered(nonce));
  })();
  for (let kill = 0; kill < KILLS; kill++) {
    await pause(400 + Math.random() * 1_200);
    await rig.killAndRestart();
  }
  await submitting;

  for (const [nonce, job] of jobs) {
    const url = jobOn(rig.server.url, job);
    expect((await untilFinished(url, 60_000)).status).toBe('successful');
    const result = (await (await fetch(`${url}/results`)).json()) as FeatureCollection;
    expect(result.features[0]!.properties).toEqual({ nonce });
  }
  const ledger = await readLedger(rig.superUrl);
  expect(ledger).toMatchObject({ runs: RUNS, terminal: RUNS, endedTwice: 0 });
  expect(ledger.mostAttempts).toBeLessThanOrEqual(KILLS + 1);
});

/** A reply that was cut says nothing; with the same key the retry finds the run the first try made, or makes it. */
async function submitUntilAnswered(nonce: number): Promise<string> {
  const body = {
    inputs: {
      features: {
        type: 'Feature',
        properties: { nonce },
        geometry: { type: 'Point', coordinates: [nonce / 2, 10] },
      },
      distance: 1000,
    },
  };
  for (let tries = 0; tries < 100; tries++) {
    try {
      return await submit(rig.server.url, 'buffer', body, { 'idempotency-key': `nonce-${nonce}` });
    } catch {
      await pause(100); // the server is being restarted
    }
  }
  throw new Error(`Run ${nonce} was never accepted`);
}
