import { attemptOf, outputsOf, shippedProcess, type TierHarness } from './tier-harness.js';

/** The outputs of a shipped process on tier 1, read as JSON. */
export const runProcess = (
  harness: TierHarness,
  process: string,
  inputs: Record<string, unknown>,
): Promise<Record<string, any>> =>
  outputsOf(harness, attemptOf(shippedProcess(`${process}.yaml`), { inputs }));
