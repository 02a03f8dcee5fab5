import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { World } from './world.ts';

/** The longest row at the memory that the tests give to DuckDB. */
const rowBytesMax = 8 * 1024 * 1024;
const long = 'x'.repeat(rowBytesMax);

let world: World;
beforeEach(async () => {
  world = await World.open(['id', 'name', 'note']);
});
afterEach(() => world.close());

const person = (id: string | null, name: string | null, note: string | null = null) => ({ id, name, note });
const table = () => Object.fromEntries(world.table);

/** Runs; answers how it ended and what is said of rows that did not arrive. */
async function run() {
  const one = world.begin();
  await one.attempt();
  return { ...one.ended, exceptions: [...one.exceptions.values()] };
}

// Some write and read many megabytes.
describe('a row that is too long', { timeout: 120_000 }, () => {
  it('is rejected alone, with its size, and sent when it has become shorter', async () => {
    world.rows = [person('1', 'a'), person('2', 'b', long), person('3', 'c')];
    const first = await run();
    expect(first).toMatchObject({ status: 'warning', error: null });
    expect(first.counts.delivered.added).toBe(2);
    const bytes = `2,b,${long}`.length.toLocaleString('en-US');
    expect(first.exceptions).toEqual([
      expect.objectContaining({ key: '2', class: 'added', outcome: 'rejected', code: 'row_too_large' }),
    ]);
    expect(first.exceptions[0]?.message).toContain(`It has ${bytes} bytes.`);
    expect(table()).toEqual({ 1: { name: 'a', note: null }, 3: { name: 'c', note: null } });
    const second = await run();
    expect(second.counts).toMatchObject({ unchanged: 2, planned: { added: 1, changed: 0, removed: 0 } });
    world.rows = [person('1', 'a'), person('2', 'b', 'short'), person('3', 'c')];
    expect(await run()).toMatchObject({ status: 'success', counts: { delivered: { added: 1 } } });
    expect(table()['2']).toEqual({ name: 'b', note: 'short' });
    expect((await run()).counts.unchanged).toBe(3);
  });

  it('keeps its record as it is while it is too long, and loses it when it leaves', async () => {
    world.rows = [person('1', 'a'), person('2', 'b')];
    await run();
    world.rows = [person('1', 'new'), person('2', 'b', long)];
    const grown = await run();
    expect(grown.counts).toMatchObject({ planned: { changed: 2, removed: 0 }, rejected: { changed: 1 } });
    expect(table()).toEqual({ 1: { name: 'new', note: null }, 2: { name: 'b', note: null } });
    world.rows = [person('1', 'new')];
    expect((await run()).counts.delivered.removed).toBe(1);
    expect(table()).toEqual({ 1: { name: 'new', note: null } });
  });

  it('is told from its neighbours whatever is in it, and a row at the limit is not one', async () => {
    const odd = `","\n\n"",${'é"\n,'.repeat(rowBytesMax / 4)}`;
    const fits = 'y'.repeat(rowBytesMax - '3,c,'.length);
    world.rows = [
      person('1', 'a\n"b",c', ''),
      person('2', odd, odd),
      person('3', 'c', fits),
      person('4', long),
      person('5', null, 'd'),
    ];
    const { counts, exceptions } = await run();
    expect(exceptions.map(({ key, code }) => `${key} ${code}`)).toEqual([
      '2 row_too_large',
      '4 row_too_large',
    ]);
    expect(counts.delivered.added).toBe(3);
    expect(table()).toEqual({
      1: { name: 'a\n"b",c', note: '' },
      3: { name: 'c', note: fits },
      5: { name: null, note: 'd' },
    });
  });

  it('counts among rows without a key and rows that share theirs', async () => {
    world.rows = [person('1', 'a'), person('1', 'b', long), person(null, 'c', long), person('2', 'd', long)];
    const { counts } = await run();
    expect(counts).toMatchObject({ queried: 4, nullKeys: 1, duplicateKeys: 2, rejected: { added: 1 } });
    expect(table()).toEqual({});
  });

  it('leaves what is known of it where the mode would not send it', async () => {
    world.configure({ mode: 'insert', matchKey: null });
    world.rows = [person('1', 'a')];
    await run();
    world.rows = [person('1', 'a', long)];
    expect((await run()).counts.planned).toEqual({ added: 0, changed: 0, removed: 0 });
    world.rows = [person('1', 'a')];
    expect((await run()).counts.unchanged).toBe(1);
  });

  it('is not sent by a replay, which has not read it', async () => {
    world.rows = [person('1', 'a', long), person('2', 'b')];
    world.decide = () => 'rejected';
    const past = world.begin();
    await past.attempt();
    world.decide = () => 'delivered';
    const replay = world.begin({
      past,
      selection: { type: 'rows', runId: past.spec.runId, rows: { which: 'failed' }, corrections: [] },
    });
    await replay.attempt();
    expect(replay.ended.counts.delivered.added).toBe(1);
    expect(table()).toEqual({ 2: { name: 'b', note: null } });
  });
});
