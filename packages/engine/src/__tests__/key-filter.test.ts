import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openDuck } from '../duck.ts';
import { keyFilterOf, keyHash, keyProbes } from '../plan/key-filter.ts';
import { literal } from '../sql.ts';

const has = (filter: Uint8Array, key: string): boolean => {
  const { first, second } = keyHash(key);
  return keyProbes.every((probe) => {
    const bit = (first + probe * second) % (filter.length * 8);
    return ((filter[bit >> 3] ?? 0) >> (bit & 7)) % 2 === 1;
  });
};

it('never denies a key of the plan, and denies nearly all others', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'sluice-keys-'));
  const duck = await openDuck({ workDirectory: directory, memoryLimitMb: 128, threads: 1 });
  try {
    const path = join(directory, 'plan.parquet');
    const size = 12_345;
    await duck.run(`
      COPY (SELECT (n + 1)::INTEGER AS seq, 'added' AS class, 'key ' || n AS key FROM range(${size}) r(n))
      TO ${literal(path)} (FORMAT parquet)`);
    const filter = await keyFilterOf(duck, { path, size });
    if (!filter) throw new Error('there is no filter');
    const keys = Array.from({ length: size }, (_, index) => `key ${index}`);
    expect(keys.filter((key) => !has(filter, key))).toEqual([]);
    const strangers = keys.map((key) => `another ${key}`);
    expect(strangers.filter((key) => has(filter, key)).length).toBeLessThan(size * 0.02);
    expect(await keyFilterOf(duck, { path, size: 60_000 })).toBeNull();
  } finally {
    duck.close();
    await rm(directory, { recursive: true, force: true });
  }
});
