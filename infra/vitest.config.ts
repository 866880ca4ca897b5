import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    name: 'infra',
    include: ['test/**/*.spec.ts'],
    testTimeout: 60_000,
    // To read the library takes longer than all tests together: it is read once.
    isolate: false,
    maxWorkers: 1,
  },
});
