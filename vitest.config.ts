import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{apps,packages}/*/src/**/*.test.{ts,tsx}'],
    setupFiles: ['packages/testing/src/stop-after-file.ts'],
    // Files start databases and worker threads of their own: two at once keep a two-core machine honest.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 90_000,
  },
});
