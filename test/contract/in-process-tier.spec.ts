import { afterAll, beforeAll, describe } from 'vitest';
import { attemptOf, shippedProcess, startInProcessTier, type TierHarness } from '../support/tier-harness.js';
import { describeExecutionTier } from './execution-tier.contract.js';

const echo = shippedProcess('echo.yaml');
let harness: TierHarness;
beforeAll(async () => {
  harness = await startInProcessTier({ Workers__Large: '1', Workers__MaxQueue: '2' });
});
afterAll(() => harness.close());

describe('the in-process tier', () => {
  describeExecutionTier({
    tier: () => harness.tier,
    quick: () => attemptOf(echo, { inputs: { echo: 'Grüezi' } }),
    slow: (pause, limits) => attemptOf(echo, { inputs: { echo: 'wait', pause } }, limits),
    faulty: () => attemptOf(echo, { inputs: { echo: 5 } }),
    tooLarge: () =>
      attemptOf(echo, { inputs: { echo: 'a text of more than ten bytes' } }, { maxOutputBytes: 10 }),
  });
});
