import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

const root = resolve(import.meta.dirname, '../..');

/** Clients that are not installed with the project: `npm run test:ogc-clients`. */
export default defineConfig({
  root,
  test: {
    name: 'ogc-clients',
    execArgv: ['--import', './test/support/built-threads.mjs'],
    include: ['test/ogc-clients/*.spec.ts'],
    globalSetup: ['test/support/ensure-built.ts', 'test/support/global-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    fileParallelism: false,
  },
});
