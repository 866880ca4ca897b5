import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Attempt } from '../../src/execution/index.js';
import { counties } from '../support/real-data.js';
import {
  attemptOf,
  inputOf,
  outcomeOf,
  outputsOf,
  reportedProgress,
  shippedProcess,
  startInProcessTier,
  type TierHarness,
} from '../support/tier-harness.js';

const echo = shippedProcess('echo.yaml');
const buffer = shippedProcess('buffer.yaml');
const LIMITS = { maxFeatures: 10_000, maxVertices: 10_000_000 };
const POINT = { type: 'Point', coordinates: [8, 47] };

/** Keeps GEOS inside one call for seconds: a tangle of long edges. */
function tangle(segments: number): unknown {
  const at = (i: number, step: number): number => ((i * step) % 1) * 100_000;
  const coordinates = Array.from({ length: segments }, (_, i) => [
    at(i + 1, 0.618033988749895),
    at(i + 1, 0.754877666246693),
  ]);
  return { type: 'LineString', coordinates, crs: { type: 'name', properties: { name: 'EPSG:3857' } } };
}

const threads = (): number => readdirSync('/proc/self/task').length;
const cpuMs = (): number => (process.cpuUsage().user + process.cpuUsage().system) / 1000;

describe('compute threads', () => {
  let harness: TierHarness;
  beforeAll(async () => {
    harness = await startInProcessTier({ Workers__Large: '1', Scheduling__ProgressEvery: '200ms' });
  });
  afterAll(() => harness.close());

  const idle = () =>
    expect.poll(() => harness.tier.capacity().free, { timeout: 10_000 }).toBe(harness.tier.capacity().slots);

  it('go on with a request that was inspected, without its bytes being needed again', async () => {
    const attempt = attemptOf(buffer, { inputs: { features: POINT, distance: 100 } });
    const inspected = await harness.inspector.inspect(attempt.input, buffer, LIMITS);
    expect(inspected.summary).toMatchObject({ features: 1, vertices: 1, scalars: { distance: 100 } });
    expect(harness.tier.capacity().free).toBe(harness.tier.capacity().slots - 1);
    const unreadable = { ...attempt, input: inputOf('gone'), inspected };
    expect((await outputsOf(harness, unreadable)).result.features).toHaveLength(1);
    inspected.release();
    await idle();
  });

  it('are free as soon as an inspected request is released; its attempt is read again', async () => {
    const attempt = attemptOf(buffer, { inputs: { features: POINT, distance: 100 } });
    const inspected = await harness.inspector.inspect(attempt.input, buffer, LIMITS);
    inspected.release();
    inspected.release();
    await idle();
    expect((await outputsOf(harness, { ...attempt, inspected })).result.features).toHaveLength(1);
  });

  it('do not wait for a verdict for ever', async () => {
    const attempt = attemptOf(buffer, { inputs: { features: POINT, distance: 100 } });
    const inspected = await harness.inspector.inspect(attempt.input, buffer, LIMITS);
    await idle();
    expect((await outputsOf(harness, { ...attempt, inspected })).result.features).toHaveLength(1);
  });

  it('stop inspecting when the caller hangs up', async () => {
    const gone = new AbortController();
    const inspection = harness.inspector.inspect(inputOf({ inputs: {} }), buffer, LIMITS, gone.signal);
    gone.abort();
    await expect(inspection).rejects.toMatchObject({ code: 'caller-gone' });
    await idle();
  });

  it('read a spooled body from its file, and leave a large result in the store', async () => {
    const body = Buffer.from(
      JSON.stringify({ inputs: { features: counties(), distance: { value: 1, unit: 'km' } } }),
    );
    const { key, size, sha256 } = await harness.artifacts.put('runs/input/body', body, 1e9);
    const attempt: Attempt = {
      ...attemptOf(buffer, {}),
      input: {
        surface: 'ogc-processes',
        mediaType: 'application/json',
        payload: { kind: 'artifact', key, size, sha256 },
      },
    };
    const outcome = await outcomeOf(harness.tier, attempt);
    expect(outcome).toMatchObject({
      kind: 'succeeded',
      outputs: [
        {
          id: 'result',
          features: 3231,
          payload: { kind: 'artifact', key: `runs/${attempt.runId}/1/result.json` },
        },
      ],
      messages: [
        {
          level: 'warning',
          text: expect.stringMatching(/^40 invalid geometries of features were repaired: /),
        },
      ],
    });
    if (outcome.kind !== 'succeeded') return;
    const bytes = await harness.bytesOf(outcome.outputs[0]!.payload);
    expect(bytes).toHaveLength(outcome.outputs[0]!.payload.size);
  });

  it('report progress, no more often than asked and never backwards', async () => {
    const attempt = attemptOf(echo, { inputs: { echo: 'x', pause: 1.5 } });
    await outcomeOf(harness.tier, attempt);
    const own = reportedProgress.filter((report) => report.attempt.runId === attempt.runId);
    expect(own.length).toBeGreaterThan(2);
    expect(own.length).toBeLessThanOrEqual(8);
    expect(own.map(({ percent }) => percent)).toEqual(
      own.map(({ percent }) => percent).sort((a, b) => a - b),
    );
  });

  it('are killed inside one GEOS call: idle at once, the neighbour unhurt', async () => {
    const heavy = attemptOf(buffer, { inputs: { features: tangle(30_000), distance: 10 } });
    const outcome = outcomeOf(harness.tier, heavy);
    await sleep(1_500);
    const neighbour = outcomeOf(
      harness.tier,
      attemptOf(echo, { inputs: { echo: 'still here', pause: 0.2 } }),
    );
    await harness.tier.cancel(heavy);
    expect(await outcome).toMatchObject({ kind: 'cancelled' });
    expect(await neighbour).toMatchObject({ kind: 'succeeded' });
    const usedInWindow = async (): Promise<number> => {
      const before = cpuMs();
      await sleep(300);
      return cpuMs() - before;
    };
    // The replacement thread loads its sources first, which takes its time in a test.
    await expect.poll(usedInWindow, { timeout: 8_000, interval: 0 }).toBeLessThan(40);
  });

  it('leak nothing over repeated kills', async () => {
    const kill = async (): Promise<void> => {
      const attempt = attemptOf(echo, { inputs: { echo: 'x', pause: 60 } });
      const outcome = outcomeOf(harness.tier, attempt);
      await sleep(20);
      await harness.tier.cancel(attempt);
      expect((await outcome).kind).toBe('cancelled');
    };
    for (let i = 0; i < 3; i++) await kill();
    await idle();
    const [threadsBefore, memoryBefore] = [threads(), process.memoryUsage().rss];
    for (let i = 0; i < 12; i++) await kill();
    await idle();
    expect(threads()).toBeLessThanOrEqual(threadsBefore + 2);
    expect(process.memoryUsage().rss - memoryBefore).toBeLessThan(100 * 1024 ** 2);
    expect(await outcomeOf(harness.tier, attemptOf(echo, { inputs: { echo: 'alive' } }))).toMatchObject({
      kind: 'succeeded',
    });
  });

  it('call an input file that is gone the loss of the tier, not a fault of the run', async () => {
    const attempt: Attempt = {
      ...attemptOf(buffer, {}),
      input: {
        surface: 'ogc-processes',
        mediaType: 'application/json',
        payload: { kind: 'artifact', key: 'no/such', size: 9, sha256: '' },
      },
    };
    expect(await outcomeOf(harness.tier, attempt)).toMatchObject({
      kind: 'failed',
      failure: { reason: 'tier-lost', retryable: true },
    });
  });
});

describe('compute threads with little memory', () => {
  let harness: TierHarness;
  beforeAll(async () => {
    harness = await startInProcessTier({
      Workers__Large: '1',
      Workers__WasmMemory: '32MiB',
      Workers__HeapMemory: '64MiB',
    });
  });
  afterAll(() => harness.close());

  const alive = async (): Promise<void> =>
    expect(
      (await outputsOf(harness, attemptOf(buffer, { inputs: { features: POINT, distance: 5 } }))).result
        .features,
    ).toHaveLength(1);

  it('fail a run whose geometry does not fit, and go on', async () => {
    const attempt = attemptOf(buffer, { inputs: { features: tangle(20_000), distance: 10 } });
    expect(await outcomeOf(harness.tier, attempt)).toMatchObject({
      kind: 'failed',
      failure: { reason: 'out-of-memory', retryable: false },
    });
    await alive();
  });

  it('fail a run whose result does not fit, and go on', async () => {
    const coordinates = Array.from({ length: 2_000 }, (_, i) => [(i % 50) * 2, Math.floor(i / 50) * 2]);
    const features = coordinates.map((at) => ({
      type: 'Feature',
      properties: null,
      geometry: { type: 'Point', coordinates: at },
    }));
    const inputs = { features: { type: 'FeatureCollection', features }, distance: 10, segments: 256 };
    expect(await outcomeOf(harness.tier, attemptOf(buffer, { inputs }))).toMatchObject({
      kind: 'failed',
      failure: { reason: 'out-of-memory', retryable: false },
    });
    await alive();
  });

  it.each([
    ['positions', `[${'[1,2],'.repeat(1_500_000)}[1,2]]`],
    ['empty lists', `[${'[],'.repeat(8_000_000)}[]]`],
    ['empty objects', `[${'{},'.repeat(8_000_000)}{}]`],
    ['nested lists', '['.repeat(8_000_000) + ']'.repeat(8_000_000)],
    ['different members', `{${Array.from({ length: 1_000_000 }, (_, i) => `"${i}x":0`).join(',')}}`],
  ])('refuse a request of more %s than fit, before it ends the process', async (_name, value) => {
    const input = inputOf(`{"inputs":{"features":${value}}}`);
    await expect(
      harness.inspector.inspect(input, buffer, { maxFeatures: 1e9, maxVertices: 1e9 }),
    ).rejects.toMatchObject({ kind: 'too-large' });
    await alive();
  });
});
