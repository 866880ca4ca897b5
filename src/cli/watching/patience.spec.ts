import { expect, it } from 'vitest';
import { EXIT } from '../exit-codes.js';
import { Failure, interruption } from '../failure.js';
import { pause, Patience } from './patience.js';

const away = new Failure(EXIT.unreachable, 'Nobody there.');

it('is said when it is needed twice, and once when it was rewarded', async () => {
  const told: string[] = [];
  const patience = new Patience(60_000, new AbortController().signal, (text) => told.push(text));
  await patience.lost(away);
  patience.heard();
  expect(told).toEqual([]);
  await patience.lost(away);
  await patience.lost(away);
  expect(told).toEqual(['Nobody there. Trying again …']);
  patience.heard();
  patience.heard();
  expect(told).toEqual(['Nobody there. Trying again …', 'The server is back.']);
});

it('ends after so long without a word, and a word begins it anew', async () => {
  const patience = new Patience(300, new AbortController().signal);
  const untilItEnds = async (): Promise<number> => {
    const start = performance.now();
    for (;;) {
      const end = await patience.lost(away).catch((error: unknown) => error);
      if (end === away) return performance.now() - start;
    }
  };
  for (let times = 0; times < 2; times++) {
    expect(await untilItEnds()).toBeGreaterThanOrEqual(295);
    patience.heard();
  }
});

it('a pause ends with what ended it', async () => {
  const abort = new AbortController();
  const paused = pause(60_000, abort.signal);
  const reason = interruption();
  abort.abort(reason);
  await expect(paused).rejects.toBe(reason);
});
