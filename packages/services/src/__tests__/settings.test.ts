import { expect, test } from 'vitest';
import { readSettings, ServiceEnvironment } from '../settings.ts';

test('planning gets no less memory than it can work with', () => {
  const read = (DUCKDB_MEMORY_MB: string) =>
    readSettings(ServiceEnvironment, { DATABASE_URL: 'postgresql://localhost/sluice', DUCKDB_MEMORY_MB });
  expect(() => read('63')).toThrow(/DUCKDB_MEMORY_MB/);
  expect(read('64').DUCKDB_MEMORY_MB).toBe(64);
});
