import { EventBus } from '@nestjs/cqrs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  type ProcessRun,
  RunAccepted,
  RunCancelled,
  RunFailed,
  RunStarted,
  RunSucceeded,
} from '../../src/control-plane/index.js';
import { type ControlPlane, startControlPlane } from '../support/control-plane.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { echo, untilStopped } from '../support/probe-tier.js';

type Told = { name: string; run: ProcessRun; storedState: Promise<string> };

let database: TestDatabase;
let plane: ControlPlane;
const told: Told[] = [];
beforeAll(async () => {
  database = await createTestDatabase();
  plane = await startControlPlane(database.url);
  plane.app.get(EventBus).subscribe((event) => {
    const kinds = [RunAccepted, RunStarted, RunSucceeded, RunFailed, RunCancelled];
    const kind = kinds.find((known) => event instanceof known);
    if (!kind) return;
    const { run } = event as RunAccepted;
    const storedState = plane.get(run.id).then(({ state }) => state);
    told.push({ name: kind.name, run, storedState });
  });
});
afterAll(async () => {
  await plane.close();
  await database.drop();
});

const namesOf = (id: string): string[] => told.filter(({ run }) => run.id === id).map(({ name }) => name);

it.each(['sync', 'async'] as const)(
  'a %s run is told of as it moves, once each, after the commit',
  async (mode) => {
    plane.probe.behaviour = echo;
    const { id } = await plane.submitRun({}, { mode });
    await plane.ended(id);
    // Both are told within this process; which of the first two a very short queue lets by first is open.
    expect(namesOf(id).sort()).toEqual(['RunAccepted', 'RunStarted', 'RunSucceeded']);
    expect(namesOf(id).at(-1)).toBe('RunSucceeded');
    expect(await told.at(-1)!.storedState).toBe('succeeded');
  },
);

it('a failure and a cancel are told as what they are', async () => {
  const failure = { reason: 'process-error', message: 'no', retryable: false } as const;
  plane.probe.behaviour = async () => ({
    kind: 'finished',
    outcome: { kind: 'failed', failure, messages: [], usage: { wallMs: 1, cpuMs: 1 } },
  });
  const failed = await plane.submitRun({});
  await plane.ended(failed.id);
  expect(namesOf(failed.id).at(-1)).toBe('RunFailed');

  plane.probe.behaviour = untilStopped;
  const cancelled = await plane.submitRun({});
  await plane.cancel(cancelled.id);
  await plane.ended(cancelled.id);
  expect(namesOf(cancelled.id)).toEqual(['RunAccepted', 'RunStarted', 'RunCancelled']);
});
