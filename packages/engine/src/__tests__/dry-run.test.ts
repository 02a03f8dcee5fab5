import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DryRunRow } from '@sluice/domain/dry-run';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DryRun, type DryRunSpecification, dryRun } from '../look/dry-run.ts';
import { compileDryRunRow } from '../look/field-changes.ts';
import { runVariables } from '../map/run-variables.ts';
import { readPlanRows } from '../plan/plan-reader.ts';
import type { EnginePorts } from '../run.ts';
import { unlimited, World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await World.open(['id', 'first', 'last', 'city']);
  world.configure({
    mappings: [
      { type: 'column', from: 'city', to: 'City', nulls: 'skip' },
      { type: 'template', template: '{{ row.first | upcase }} {{ row.last }}', to: 'Name' },
      { type: 'static', value: 'shop', to: 'Origin' },
      { type: 'variable', variable: 'run-id', to: 'Run' },
    ],
  });
  world.rows = [person('1', 'ann', 'a', 'x'), person('2', 'bob', 'b', 'y'), person('3', 'cid', 'c', 'z')];
  await world.run();
});
afterEach(() => world.close());

const person = (id: string, first: string, last: string, city: string | null) => ({ id, first, last, city });

async function tried(change: Partial<DryRunSpecification> = {}): Promise<DryRun> {
  const workDirectory = join(world.directory, `look-${Math.random()}`);
  await mkdir(workDirectory, { recursive: true });
  const ports: EnginePorts = {
    source: world.source(),
    destination: world.destination(),
    blobs: world.blobs(),
    limiter: unlimited,
    workDirectory,
    duckdb: { memoryLimitMb: 128, threads: 1 },
    retry: { attemptsMax: 3, baseMs: 1 },
    signal: new AbortController().signal,
  };
  return dryRun({ ...world.begin().spec, ...change }, ports);
}

const fieldsOf = (row: DryRunRow | undefined) =>
  Object.fromEntries(
    (row?.fields ?? []).map(({ field, before, after, changed }) => [
      field,
      [before.known ? before.value : 'unknown', after.sent ? after.value : 'not sent', changed],
    ]),
  );

describe('a dry run by field', () => {
  it('counts which fields change in how many rows, as they are mapped', async () => {
    world.rows = [
      person('1', 'ANN', 'a', 'X'),
      person('2', 'bob', 'B', 'Y'),
      person('3', 'cid', 'c', null),
      person('4', 'dan', 'd', null),
    ];
    const { result } = await tried();
    expect(result.counts.planned).toMatchObject({ added: 1, changed: 3 });
    // Ann reads the same in capitals, and a NULL leaves the city alone.
    expect(result.fields).toEqual([
      { field: 'Run', rows: 3, exact: true },
      { field: 'City', rows: 2, exact: true },
      { field: 'Name', rows: 1, exact: true },
    ]);
    expect(result.matchValueChanges).toBe(0);
  });

  it('shows old and new of each field', async () => {
    world.rows = [person('1', 'ann', 'A', 'X'), person('2', 'bob', 'b', null), person('4', 'dan', 'd', 'w')];
    const { result } = await tried();
    const [first, second] = result.rows.changed;
    expect(first).toMatchObject({ key: '1', operation: 'upsert', error: null });
    expect(fieldsOf(first)).toEqual({
      id: ['1', '1', false],
      City: ['x', 'X', true],
      Name: ['ANN a', 'ANN A', true],
      Origin: ['shop', 'shop', false],
      Run: ['unknown', expect.any(Number), true],
    });
    expect(fieldsOf(second).City).toEqual(['y', 'not sent', false]);
    expect(fieldsOf(result.rows.added[0])).toMatchObject({
      id: ['unknown', '4', true],
      City: ['unknown', 'w', true],
    });
    expect(result.rows.removed[0]).toMatchObject({ key: '3', operation: 'delete' });
    expect(fieldsOf(result.rows.removed[0])).toMatchObject({ City: ['z', 'not sent', false] });
  });

  it('says what the ledger does not know', async () => {
    world.configure({
      mappings: [
        { type: 'column', from: 'city', to: 'City' },
        { type: 'column', from: 'plan', to: 'Plan' },
      ],
    });
    world.columns = [...world.columns, { name: 'plan', type: 'string', nativeType: 'text' }];
    world.rows = world.rows.map((row) => ({ ...row, plan: 'free' }));
    const { result } = await tried();
    expect(fieldsOf(result.rows.changed[0])).toEqual({
      id: ['1', '1', false],
      City: ['x', 'x', false],
      Plan: ['unknown', 'free', true],
    });
    expect(result.fields).toEqual([{ field: 'Plan', rows: 3, exact: true }]);
    expect((await tried({ resync: 'from_now' })).result.counts).toMatchObject({ unchanged: 3 });
  });

  it('counts rows that get another match value', async () => {
    world.configure({ matchKey: { from: 'city', to: 'city' } });
    world.rows[0] = person('1', 'ann', 'a', 'elsewhere');
    expect((await tried()).result.matchValueChanges).toBe(1);
  });

  it('shows columns where requests are written as templates', async () => {
    world.used = 'all';
    world.configure({ mappings: [] });
    await world.run();
    world.rows[1] = person('2', 'bob', 'b', 'Y');
    const { result } = await tried();
    expect(result.fields).toEqual([{ field: 'city', rows: 1, exact: true }]);
    expect(fieldsOf(result.rows.changed[0])).toMatchObject({
      city: ['y', 'Y', true],
      last: ['b', 'b', false],
    });
  });

  it('pages through the rows that change a field', async () => {
    world.rows = [person('1', 'ann', 'a', 'X'), person('2', 'bob', 'B', 'y'), person('3', 'cid', 'c', 'Z')];
    const { plan } = await tried();
    const show = compileDryRunRow(world.configuration, runVariables(world.begin().spec));
    const rows = await readPlanRows(plan.path, { afterSeq: 0, limit: 10, changedColumn: 'city' });
    expect(rows.map(show).map(({ key }) => key)).toEqual(['1', '3']);
  });

  it('plans a backfill of some rows', async () => {
    const filter = [{ column: 'first', operator: 'starts_with', value: 'b' }] as const;
    const { result } = await tried({ resync: 'backfill', filter: [...filter] });
    expect(result.counts.planned).toEqual({ added: 0, changed: 1, removed: 0 });
    expect(result.rows.changed[0]?.key).toBe('2');
  });
});
