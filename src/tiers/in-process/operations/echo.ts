import { setTimeout as sleep } from 'node:timers/promises';
import type { Operation } from './operation.js';

const STEP_MS = 100;

/** Gives back its text, after as many seconds as asked; a process to try a client or a deployment with. */
export const echo: Operation = async ({ expression, progress }) => {
  const text = expression.text('echo') ?? '';
  const pauseMs = (expression.number('pause') ?? 0) * 1000;
  const start = performance.now();
  for (let passed = 0; passed < pauseMs; passed = performance.now() - start) {
    progress((passed / pauseMs) * 100, 'Pausing');
    await sleep(Math.min(STEP_MS, pauseMs - passed));
  }
  return { echo: text, length: Array.from(text).length };
};
