import type { RunState } from './process-run.entity.js';

/**
 * Every legal move of a run, and what makes it. A terminal state has no way out; a run goes back to `queued` only by
 * giving an attempt up. `cancelRequested` is an intent on the row, not a state: with it, the only way on is `cancelled`.
 */
export const RUN_TRANSITIONS = [
  { from: null, to: 'queued', by: 'insert (asynchronous)' },
  { from: null, to: 'running', by: 'insert (synchronous)' },
  { from: 'queued', to: 'running', by: 'claim' },
  { from: 'queued', to: 'cancelled', by: 'cancel' },
  { from: 'queued', to: 'failed', by: 'deadline' },
  { from: 'running', to: 'queued', by: 'give up the attempt' },
  { from: 'running', to: 'succeeded', by: 'finish' },
  { from: 'running', to: 'failed', by: 'finish, or too many lost attempts' },
  { from: 'running', to: 'cancelled', by: 'finish after a cancel' },
] as const satisfies { from: RunState | null; to: RunState; by: string }[];

export const TERMINAL_STATES = ['succeeded', 'failed', 'cancelled'] as const satisfies RunState[];

export const isTerminal = (state: RunState): boolean =>
  (TERMINAL_STATES as readonly RunState[]).includes(state);

export const mayMove = (from: RunState | null, to: RunState): boolean =>
  RUN_TRANSITIONS.some((move) => move.from === from && move.to === to);
