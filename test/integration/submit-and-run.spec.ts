import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ControlPlane, startControlPlane } from '../support/control-plane.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { echo, output, ProbeTier, succeed, untilStopped } from '../support/probe-tier.js';

let database: TestDatabase;
let plane: ControlPlane;
const second = new ProbeTier('postgis');

beforeAll(async () => {
  database = await createTestDatabase();
  plane = await startControlPlane(database.url, {}, [new ProbeTier(), second]);
});
afterAll(async () => {
  await plane.close();
  await database.drop();
});
afterEach(() => {
  plane.probe.behaviour = second.behaviour = echo;
});

describe('a synchronous run', () => {
  it('is running when the submit returns, and ends with its result', async () => {
    const run = await plane.submitRun({ nonce: 1 });
    expect(run).toMatchObject({ mode: 'sync', state: 'running', attempt: 1, tier: 'in-process' });
    const ended = await plane.ended(run.id);
    expect(ended).toMatchObject({ state: 'succeeded', progress: 100, failure: null, leaseUntil: null });
    expect(await plane.resultText(run.id)).toBe('{"nonce":1}');
  });

  it('hands the inspected request to the tier', async () => {
    const run = await plane.submitRun({ nonce: 2 });
    await plane.ended(run.id);
    expect(plane.probe.started.find(({ runId }) => runId === run.id)?.inspected).toBeDefined();
  });
});

describe('an asynchronous run', () => {
  it('is queued, woken for, run and kept', async () => {
    const run = await plane.submitRun({ nonce: 3 }, { mode: 'async' });
    expect(run).toMatchObject({ mode: 'async', state: 'queued', attempt: 0 });
    const ended = await plane.ended(run.id);
    expect(ended).toMatchObject({ state: 'succeeded', attempt: 1, tier: 'in-process' });
    expect(ended.startedAt!.getTime() - ended.submittedAt.getTime()).toBeLessThan(1_000);
    expect(await plane.resultText(run.id)).toBe('{"nonce":3}');
  });

  it('is asked for by the body, too', async () => {
    expect(await plane.submitRun({ mode: 'async' })).toMatchObject({ mode: 'async', state: 'queued' });
  });
});

it('keeps a large result as an artifact of its attempt', async () => {
  const text = JSON.stringify('x'.repeat(100_000));
  plane.probe.behaviour = async () => succeed(text);
  const run = await plane.submitRun({});
  const { outputs } = await plane.ended(run.id);
  const key = `runs/${run.id}/1/result`;
  expect(outputs).toMatchObject([{ id: 'result', key, size: text.length }]);
  expect(await plane.artifacts.stat(key)).toEqual({ size: text.length });
});

it('falls back to the next tier when one refuses, and says why in the ledger', async () => {
  plane.probe.behaviour = async () => ({ kind: 'refused', reason: 'full' });
  const run = await plane.submitRun({ nonce: 4 });
  expect(await plane.ended(run.id)).toMatchObject({ state: 'succeeded', attempt: 1, tier: 'postgis' });
  const events = await plane.database.asSystem((manager) =>
    manager.query<{ kind: string; data: object }[]>(
      'select kind, data from process_run_events where run_id = $1 order by seq',
      [run.id],
    ),
  );
  expect(events.map(({ kind }) => kind)).toEqual(['accepted', 'started', 'fell-back', 'succeeded']);
  expect(events[2]!.data).toEqual({ from: 'in-process', to: undefined, tier: 'postgis', reason: 'full' });
});

it('waits where every tier is too full, each one tried, and is done when one is not', async () => {
  plane.probe.behaviour = second.behaviour = async () => ({ kind: 'refused', reason: 'full' });
  const run = await plane.submitRun({ nonce: 5 });
  const tries = (tier: ProbeTier): number => tier.started.filter(({ runId }) => runId === run.id).length;
  await expect
    .poll(() => Math.min(tries(plane.probe), tries(second)), { timeout: 10_000 })
    .toBeGreaterThan(0);
  expect((await plane.get(run.id)).completedAt).toBeNull();
  plane.probe.behaviour = second.behaviour = echo;
  expect(await plane.ended(run.id)).toMatchObject({ state: 'succeeded' });
});

it('fails with the reason the tier gives, and answers the results with its kind', async () => {
  const failure = { reason: 'timeout', message: 'Job exceeded timeout limit', retryable: false } as const;
  plane.probe.behaviour = async () => ({
    kind: 'finished',
    outcome: { kind: 'failed', failure, messages: [], usage: { wallMs: 1, cpuMs: 1 } },
  });
  const run = await plane.submitRun({});
  expect(await plane.ended(run.id)).toMatchObject({
    state: 'failed',
    failure: { reason: 'timeout', message: failure.message },
  });
  await expect(plane.resultText(run.id)).rejects.toMatchObject({ kind: 'timeout' });
});

it('a tier that throws fails the run, not the server', async () => {
  plane.probe.behaviour = async () => {
    throw new Error('/secret/path');
  };
  const run = await plane.submitRun({});
  const ended = await plane.ended(run.id);
  expect(ended).toMatchObject({ state: 'failed', failure: { reason: 'process-error' } });
  expect(ended.failure!.message).not.toContain('secret');
});

it('a retryable failure goes back to the queue and is run again', async () => {
  let tries = 0;
  const failure = { reason: 'tier-lost', message: 'the thread died', retryable: true } as const;
  plane.probe.behaviour = async (attempt, stop) =>
    ++tries < 3
      ? {
          kind: 'finished',
          outcome: { kind: 'failed', failure, messages: [], usage: { wallMs: 1, cpuMs: 1 } },
        }
      : echo(attempt, stop);
  const run = await plane.submitRun({ nonce: 5 });
  expect(await plane.ended(run.id)).toMatchObject({ state: 'succeeded', attempt: 3, lostAttempts: 2 });
});

describe('cancelling', () => {
  it('stops running work and ends it cancelled; again answers the same; results are gone', async () => {
    plane.probe.behaviour = untilStopped;
    const run = await plane.submitRun({}, { mode: 'async' });
    await expect.poll(async () => (await plane.get(run.id)).state).toBe('running');
    expect((await plane.cancel(run.id)).cancelRequestedAt).not.toBeNull();
    expect((await plane.ended(run.id)).state).toBe('cancelled');
    expect((await plane.cancel(run.id)).state).toBe('cancelled');
    await expect(plane.resultText(run.id)).rejects.toMatchObject({ kind: 'gone' });
  });

  it('is final: work that ends as a success all the same is not one', async () => {
    let release!: () => void;
    plane.probe.behaviour = async () => {
      await new Promise<void>((resolve) => (release = resolve));
      return {
        kind: 'finished',
        outcome: {
          kind: 'succeeded',
          outputs: [output('result', 'x'.repeat(70_000))],
          messages: [],
          usage: { wallMs: 1, cpuMs: 1 },
        },
      };
    };
    const run = await plane.submitRun({}, { mode: 'async' });
    await expect.poll(async () => (await plane.get(run.id)).state).toBe('running');
    const cancelled = plane.cancel(run.id);
    await cancelled;
    release();
    expect((await plane.ended(run.id)).state).toBe('cancelled');
    await expect.poll(() => plane.artifacts.stat(`runs/${run.id}/1/result`)).toBeUndefined();
  });

  it('makes a finished run a tombstone, its bytes gone', async () => {
    const run = await plane.submitRun({});
    await plane.ended(run.id);
    expect((await plane.cancel(run.id)).dismissedAt).not.toBeNull();
    await expect(plane.get(run.id)).rejects.toMatchObject({ kind: 'gone' });
    await expect(plane.cancel(run.id)).rejects.toMatchObject({ kind: 'gone' });
    const left = await plane.database.asSystem((manager) =>
      manager.query<unknown[]>('select 1 from process_run_outputs where run_id = $1', [run.id]),
    );
    expect(left).toEqual([]);
  });
});

it("another tenant's run is as if it never was", async () => {
  const run = await plane.submitRun({}, {}, 'acme');
  await plane.ended(run.id, 'acme');
  for (const attempt of [plane.get, plane.cancel, plane.resultText])
    await expect(attempt(run.id)).rejects.toMatchObject({ kind: 'not-found', code: 'run-not-found' });
});

it('a dry run decides and writes nothing', async () => {
  const submission = await plane.submit({ mode: 'async' }, { dryRun: true }, 'dry');
  expect(submission).toMatchObject({
    kind: 'dry-run',
    decision: { admitted: true, mode: 'async', tiers: ['in-process', 'postgis'] },
  });
  const rows = await plane.database.asSystem((manager) =>
    manager.query<unknown[]>(`select 1 from process_runs where tenant_id = 'dry'`),
  );
  expect(rows).toEqual([]);
});
