import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dryRun } from '../look/dry-run.ts';
import { previewRows } from '../look/preview-rows.ts';
import { testRow } from '../look/test-row.ts';
import { mapRow } from '../map/map-row.ts';
import { readPlanRows } from '../plan/plan-reader.ts';
import type { EnginePorts } from '../run.ts';
import { unlimited, World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await World.open(['id', 'name']);
  world.rows = [
    { id: '1', name: 'one' },
    { id: '2', name: 'two' },
    { id: '3', name: 'three' },
  ];
});
afterEach(() => world.close());

async function ports(): Promise<EnginePorts> {
  const workDirectory = join(world.directory, 'look');
  await mkdir(workDirectory, { recursive: true });
  return {
    source: world.source(),
    destination: world.destination(),
    blobs: world.blobs(),
    limiter: unlimited,
    workDirectory,
    duckdb: { memoryLimitMb: 128, threads: 1 },
    retry: { attemptsMax: 3, baseMs: 1 },
    signal: new AbortController().signal,
  };
}

describe('looking before leaping', () => {
  it('shows in a dry run what a run would do, and does nothing', async () => {
    await world.run();
    world.requests = [];
    world.rows = [
      { id: '2', name: 'two!' },
      { id: '3', name: 'three' },
      { id: '4', name: 'four' },
      { id: null, name: 'x' },
    ];
    const ledger = world.ledgerKey;
    const { result } = await dryRun(world.begin().spec, await ports());
    expect(result.counts).toMatchObject({
      planned: { added: 1, changed: 1, removed: 1 },
      unchanged: 1,
      nullKeys: 1,
    });
    expect(result.samples.added).toEqual([
      { key: '4', row: { id: '4', name: 'four' }, record: { id: '4', name: 'four' }, error: null },
    ]);
    expect(result.samples.removed).toEqual([
      { key: '1', row: { id: '1', name: 'one' }, record: { id: '1' }, error: null },
    ]);
    expect(result.requests.map(({ summary }) => summary)).toEqual(['write 1', 'write 1', 'write 1']);
    expect(result.guard).toBeNull();
    expect(world.requests).toEqual([]);
    expect(world.ledgerKey).toBe(ledger);
  });

  it('previews the first rows as they would be sent', async () => {
    world.rows.unshift({ id: null, name: 'nobody' });
    const { rows, requests } = await previewRows(world.begin().spec, await ports(), 2);
    expect(rows).toMatchObject([
      { key: null, record: null, error: expect.stringContaining('primary key') },
      { key: '1', record: { id: '1', name: 'one' }, error: null },
    ]);
    expect(requests).toEqual([{ summary: 'write 1', headers: {}, body: null }]);
    expect(world.requests).toEqual([]);
  });

  it('really sends one row to test with', async () => {
    const result = await testRow(world.begin().spec, await ports(), {
      key: '2',
      class: 'added',
      overrides: { name: 'changed by hand' },
    });
    expect(result).toMatchObject({
      outcome: 'delivered',
      code: null,
      mapped: { record: { id: '2', name: 'changed by hand' } },
    });
    expect(Object.fromEntries(world.table)).toEqual({ 2: { name: 'changed by hand' } });
    world.decide = () => 'retry';
    expect(await testRow(world.begin().spec, await ports(), { class: 'added' })).toMatchObject({
      outcome: 'rejected',
      code: '503',
    });
    await expect(
      testRow(world.begin().spec, await ports(), { key: 'none', class: 'added' }),
    ).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('finds a row to test with beyond the preview', async () => {
    world.rows = Array.from({ length: 150 }, (_, index) => ({
      id: String(index),
      name: index === 149 ? null : 'x',
    }));
    const result = await testRow(world.begin().spec, await ports(), { key: '149', class: 'added' });
    expect(result.mapped.row).toEqual({ id: '149', name: null });
  });
});

describe('reading a plan', () => {
  it('pages by position and filters by key and class', async () => {
    await world.run();
    world.rows = Array.from({ length: 30 }, (_, index) => ({ id: `k${index}`, name: null }));
    const run = world.begin();
    await run.attempt();
    const path = join(world.directory, 'blobs', run.plan?.blobKey ?? '');
    const first = await readPlanRows(path, { afterSeq: 0, limit: 4 });
    expect(first.map(({ seq, class: name }) => [seq, name])).toEqual([
      [1, 'removed'],
      [2, 'removed'],
      [3, 'removed'],
      [4, 'added'],
    ]);
    expect(first[0]).toMatchObject({ key: '1', sent: true, row: { id: '1' }, ledgerValues: { id: '1' } });
    expect(first[3]).toMatchObject({ row: { id: 'k0', name: null }, ledgerValues: null });
    const byPrefix = await readPlanRows(path, { afterSeq: 0, limit: 50, keyPrefix: 'k2' });
    expect(byPrefix).toHaveLength(11);
    expect(await readPlanRows(path, { afterSeq: 0, limit: 50, key: "k2' OR true --" })).toEqual([]);
    expect(await readPlanRows(path, { afterSeq: 0, limit: 50, class: 'removed' })).toHaveLength(3);
    expect(await readPlanRows(path, { afterSeq: 5, limit: 50, seqs: [2, 6, 7] })).toHaveLength(2);
    expect(mapRow(run.spec, first[3] as never)).toMatchObject({ record: { id: 'k0', name: null } });
  });

  it('says when a plan cannot be read', async () => {
    await expect(readPlanRows('/nowhere/plan.parquet', { afterSeq: 0, limit: 1 })).rejects.toMatchObject({
      code: 'plan_missing',
    });
  });
});
