import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { Attempt, ExecutionTier, Outcome } from '../../src/execution/index.js';

/** What the suite needs from a tier: attempts of its own kind. Each call makes a new attempt. */
export interface TierUnderContract {
  tier(): ExecutionTier;
  /** Ends well within a second. */
  quick(): Attempt;
  /** Works (or waits) for at least `seconds`. */
  slow(seconds: number, limits?: Partial<Attempt['limits']>): Attempt;
  /** Its request does not fit its definition. */
  faulty(): Attempt;
  /** Its result is larger than its `limits.maxOutputBytes`. */
  tooLarge(): Attempt;
}

const finished = async (started: ReturnType<ExecutionTier['start']>): Promise<Outcome> => {
  const answer = await started;
  expect(answer.kind).toBe('finished');
  return (answer as { outcome: Outcome }).outcome;
};

const idle = (tier: ExecutionTier) =>
  expect.poll(() => tier.capacity().free, { timeout: 5_000, interval: 10 }).toBe(tier.capacity().slots);

/** The suite every tier that finishes its attempts by itself must pass. */
export function describeExecutionTier(under: TierUnderContract): void {
  it('finishes an attempt with outputs and usage, and frees its slot', async () => {
    const outcome = await finished(under.tier().start(under.quick()));
    expect(outcome).toMatchObject({
      kind: 'succeeded',
      usage: { wallMs: expect.any(Number), cpuMs: expect.any(Number) },
    });
    if (outcome.kind !== 'succeeded') return;
    expect(outcome.outputs.length).toBeGreaterThan(0);
    for (const { payload } of outcome.outputs) expect(payload.sha256).toMatch(/^[0-9a-f]{64}$/);
    await idle(under.tier());
  });

  it('says which processes it supports, and why not others', () => {
    const { definition, tier } = under.quick();
    expect(under.tier().supports(definition.id, definition.handlers[tier])).toEqual({ ok: true });
    const unheard = under.tier().supports('unheard-of', { operation: 'unheard-of' });
    expect(unheard).toEqual({ ok: false, reason: expect.any(String) });
  });

  it('cancels: the attempt ends as cancelled, and its slot is free when cancel resolves', async () => {
    const attempt = under.slow(20);
    const outcome = finished(under.tier().start(attempt));
    await expect.poll(() => under.tier().capacity().free).toBeLessThan(under.tier().capacity().slots);
    await sleep(300);
    const asked = performance.now();
    await under.tier().cancel(attempt);
    expect(await outcome).toMatchObject({ kind: 'cancelled' });
    expect(performance.now() - asked).toBeLessThan(2_000);
    expect(under.tier().capacity().free).toBe(under.tier().capacity().slots);
  });

  it('takes the cancel of an unknown or finished attempt for done', async () => {
    const attempt = under.quick();
    await under.tier().cancel(attempt);
    expect(await finished(under.tier().start(attempt))).toMatchObject({ kind: 'succeeded' });
    await under.tier().cancel(attempt);
    await idle(under.tier());
  });

  it('cancels an attempt that still waits for a slot, without touching those that run', async () => {
    const { slots } = under.tier().capacity();
    const running = Array.from({ length: slots }, () => under.slow(1));
    const outcomes = running.map((attempt) => finished(under.tier().start(attempt)));
    const waiting = under.slow(20);
    const outcome = finished(under.tier().start(waiting));
    await sleep(200);
    await under.tier().cancel(waiting);
    expect(await outcome).toMatchObject({ kind: 'cancelled' });
    for (const one of await Promise.all(outcomes)) expect(one.kind).toBe('succeeded');
  });

  it('ends an attempt that exceeds its time', async () => {
    const outcome = await finished(under.tier().start(under.slow(20, { timeoutMs: 300 })));
    expect(outcome).toMatchObject({
      kind: 'failed',
      failure: { reason: 'timeout', message: 'Job exceeded timeout limit', retryable: false },
    });
    await idle(under.tier());
  });

  it('classifies a faulty request and a too large result as faults of the run', async () => {
    expect(await finished(under.tier().start(under.faulty()))).toMatchObject({
      kind: 'failed',
      failure: { reason: 'invalid-input', retryable: false },
    });
    expect(await finished(under.tier().start(under.tooLarge()))).toMatchObject({
      kind: 'failed',
      failure: { reason: 'too-large', retryable: false },
    });
  });

  it('refuses when it is full, and recovers', async () => {
    const attempts: Attempt[] = [];
    const outcomes: Promise<unknown>[] = [];
    for (;;) {
      const attempt = under.slow(30);
      const started = under.tier().start(attempt);
      const answer = await Promise.race([started, sleep(50)]);
      if (answer?.kind === 'refused') {
        expect(answer.reason).toMatch(/./);
        break;
      }
      attempts.push(attempt);
      outcomes.push(started);
      expect(attempts.length, 'a tier that is never full').toBeLessThan(50);
    }
    await Promise.all(attempts.map((attempt) => under.tier().cancel(attempt)));
    await Promise.all(outcomes);
    await idle(under.tier());
    expect(await finished(under.tier().start(under.quick()))).toMatchObject({ kind: 'succeeded' });
  });

  it('is healthy, and knows nothing of attempts it does not have', async () => {
    expect(await under.tier().health()).toMatchObject({ healthy: true });
    const stranger = { runId: randomUUID(), tenant: 'default', attempt: 1, handle: 'x' };
    expect(await under.tier().inspect([stranger])).toEqual([{ kind: 'unknown' }]);
  });
}
