import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{apps,packages}/*/src/**/*.test.{ts,tsx}'],
    setupFiles: ['packages/testing/src/stop-after-file.ts', 'packages/testing/src/seed-properties.ts'],
    // Files start databases and worker threads of their own: two at once keep a two-core machine honest.
    pool: 'forks',
    maxWorkers: 2,
    // They end what hangs, and say nothing of speed: a machine that does other things takes many times as long.
    testTimeout: 120_000,
    hookTimeout: 180_000,
  },
});
