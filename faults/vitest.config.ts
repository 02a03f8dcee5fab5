import { defineConfig } from 'vitest/config';
import { long } from './src/env.ts';

export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['src/**/*.test.ts'],
    setupFiles: ['../packages/testing/src/stop-after-file.ts'],
    pool: 'forks',
    maxWorkers: 2,
    maxConcurrency: 8,
    // A storm lives through many leases.
    testTimeout: long ? 3_600_000 : 300_000,
    hookTimeout: 90_000,
  },
});
