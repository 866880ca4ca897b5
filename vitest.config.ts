import { defineConfig } from 'vitest/config';
import { BROWSER_NAMES, findChromium } from './test/browser/chromium.ts';

/** Inherited by the worker threads of a service under test. */
const execArgv = ['--import', './test/support/built-threads.mjs'];
const ensureBuilt = 'test/support/ensure-built.ts';

const browser = {
  test: {
    name: 'browser',
    execArgv,
    include: ['test/browser/**/*.spec.ts'],
    globalSetup: [ensureBuilt, 'test/support/global-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    retry: process.env.CI ? 1 : 0,
    maxWorkers: 1,
  },
};

if (!findChromium())
  console.log(`honua  Browser tests are left out: this machine has none of ${BROWSER_NAMES.join(', ')}`);

/** `unit` needs nothing but the build; `integration` gets a private PostGIS (see test/support/global-setup.ts), `browser` a Chromium too. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          execArgv,
          include: ['src/**/*.spec.{ts,tsx}', 'test/architecture/**/*.spec.ts'],
          globalSetup: [ensureBuilt],
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'integration',
          execArgv,
          include: ['test/{contract,integration,e2e,conformance,faults,soak}/**/*.spec.ts'],
          globalSetup: [ensureBuilt, 'test/support/global-setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          fileParallelism: true,
          // Many of them wait rather than compute: for a lease, a retry, a killed server.
          maxWorkers: 3,
          // They kill, wait and measure on whatever machine there is; what fails once is named in the report.
          retry: process.env.CI ? 1 : 0,
        },
      },
      ...(findChromium() ? [browser] : []),
    ],
  },
});
