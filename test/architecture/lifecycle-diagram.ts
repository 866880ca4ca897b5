import { RUN_TRANSITIONS, TERMINAL_STATES } from '../../src/control-plane/run/run-lifecycle.js';

/** The table of legal moves as a mermaid state diagram. */
export function lifecycleDiagram(): string {
  const moves = RUN_TRANSITIONS.map(({ from, to, by }) => `  ${from ?? '[*]'} --> ${to}: ${by}`);
  const ends = TERMINAL_STATES.map((state) => `  ${state} --> [*]`);
  return ['stateDiagram-v2', ...moves, ...ends].join('\n');
}
