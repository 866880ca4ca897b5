import { expect, it } from 'vitest';
import { RUN_STATES } from './process-run.entity.js';
import { isTerminal, mayMove, RUN_TRANSITIONS } from './run-lifecycle.js';

it('leaves no terminal state', () => {
  for (const { from } of RUN_TRANSITIONS) if (from) expect(isTerminal(from)).toBe(false);
  expect(RUN_STATES.filter(isTerminal)).toEqual(['succeeded', 'failed', 'cancelled']);
});

it('reaches every state, and an end from every state', () => {
  const reached = new Set(RUN_TRANSITIONS.map(({ to }) => to));
  expect([...reached].sort()).toEqual([...RUN_STATES].sort());
  for (const state of RUN_STATES) {
    if (!isTerminal(state)) expect(RUN_STATES.some((to) => isTerminal(to) && mayMove(state, to))).toBe(true);
  }
});

it('starts runs queued or running, never finished', () => {
  expect(RUN_STATES.filter((to) => mayMove(null, to))).toEqual(['queued', 'running']);
});
