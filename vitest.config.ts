import { defineConfig } from 'vitest/config';

/** Worker threads inherit this: they load the TypeScript sources that are under test. */
const execArgv = ['--import', './test/support/typescript-in-threads.mjs'];

/** `unit` needs nothing; `integration` gets a private PostGIS (see test/support/global-setup.ts). */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          execArgv,
          include: ['src/**/*.spec.ts', 'test/architecture/**/*.spec.ts'],
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'integration',
          execArgv,
          include: ['test/{contract,integration,e2e,conformance,faults}/**/*.spec.ts'],
          globalSetup: ['test/support/global-setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          fileParallelism: true,
          maxWorkers: 2,
        },
      },
    ],
  },
});
