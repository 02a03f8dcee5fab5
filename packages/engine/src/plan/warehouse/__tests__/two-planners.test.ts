import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../../__tests__/world.ts';
import { type Planner, PlannerWorld, type TableRow } from './planner-world.ts';

const megabyte = 'x'.repeat(1024 * 1024);

const row: fc.Arbitrary<TableRow> = fc.record({
  id: fc.constantFrom(
    'a',
    'A',
    ' a',
    'a ',
    '7',
    '007',
    'é',
    'e\u0301',
    'k,"q"',
    'l\ni',
    'b',
    'c',
    'd',
    '',
    null,
  ),
  mail: fc.constantFrom('m1', 'm2', 'M2', 'm3', 'm4', 'm5', '', null),
  amount: fc.constantFrom('1.5', '1.50', 'NaN', '-0.0', '0', '123456789012345678901234567890.01', null),
  big: fc.constantFrom('9223372036854775807', '-9223372036854775808', '9007199254740993', null),
  ratio: fc.constantFrom('-0', '0', 'NaN', '-Infinity', '0.30000000000000004', '5e-324', null),
  at: fc.constantFrom(
    '2026-02-28 01:02:03+02',
    '2026-02-27 23:02:03+00',
    '2026-07-01 00:00:00.000001+00',
    'infinity',
    '0044-03-15 12:00:00+00 BC',
    null,
  ),
  tags: fc.constantFrom('{}', '{a,NULL,b}', '{"a,b"}', '{{1,2},{3,4}}', null),
  doc: fc.constantFrom('{"b": 1, "a": [1, 2]}', '{"a": [1, 2], "b": 1}', 'null', '"\\u00e9"', null),
  raw: fc.constantFrom('{"b":1,"a":2}', '{ "a": 2, "b": 1 }', '{"a": "\\u0000"}', '[]', null),
  body: fc.constantFrom('', 'e\u0301', 'é', 'a,b', 'line\nend', '\\N', '"', megabyte, `${megabyte}y`, null),
});

/** What somebody may do to the planner's tables between two runs. */
const mishap = fc.constantFrom(
  null,
  null,
  null,
  'drop table if exists sluice_planner.ledger_1',
  'drop table if exists sluice_planner.version_1, sluice_planner.seen_1',
  'truncate sluice_planner.ledger_1',
  'delete from sluice_planner.ledger_1 where key = (select min(key) from sluice_planner.ledger_1)',
  'update sluice_planner.ledger_1 set print = null',
);

const round = fc.record({
  // Few edits on what is there, so that most rows stay as they are.
  edits: fc.array(fc.tuple(fc.nat(), fc.option(row)), { maxLength: 5 }),
  verdicts: fc.array(
    fc.constantFrom<Verdict>('delivered', 'delivered', 'delivered', 'rejected', 'uncertain'),
    {
      maxLength: 8,
    },
  ),
  planner: fc.constantFrom<Planner>('local', 'warehouse'),
  mishap,
});

const history = fc.record({
  matchKey: fc.constantFrom('mail', 'id'),
  mode: fc.constantFrom<'mirror' | 'upsert'>('mirror', 'upsert'),
  rows: fc.array(row, { maxLength: 12 }),
  rounds: fc.array(round, { minLength: 1, maxLength: 5 }),
});

describe('two planners', () => {
  it('plan the same over any history, and switching sends nothing again', { timeout: 280_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(history, async ({ matchKey, mode, rows, rounds }) => {
        const planned = await PlannerWorld.open({ mode, matchKey: { from: matchKey, to: matchKey } });
        try {
          let table = rows;
          await planned.setRows(table);
          await planned.run('local');
          for (const { edits, verdicts, planner, mishap: damage } of rounds) {
            table = edit(table, edits);
            await planned.setRows(table);
            if (damage) await planned.sql(damage).catch(() => undefined);
            expect(await planned.plan('warehouse')).toEqual(await planned.plan('local'));
            // With what the first plan left behind.
            expect(await planned.plan('warehouse')).toEqual(await planned.plan('local'));
            let sent = 0;
            planned.world.decide = () => verdicts[sent++ % Math.max(1, verdicts.length)] ?? 'delivered';
            await planned.run(planner);
          }
          planned.world.decide = () => 'delivered';
          await planned.run('warehouse');
          const shared = (await planned.run('local')).sent;
          for (const planner of ['warehouse', 'local', 'warehouse'] as const) {
            expect((await planned.run(planner)).sent).toBe(shared);
          }
        } finally {
          await planned.close();
        }
      }),
      { numRuns: 12, interruptAfterTimeLimit: 240_000 },
    );
  });
});

function edit(
  table: readonly TableRow[],
  edits: readonly (readonly [number, TableRow | null])[],
): TableRow[] {
  const edited = [...table];
  for (const [at, now] of edits) {
    if (now === null) edited.splice(at % Math.max(1, edited.length), 1);
    else if (at % 3 === 0) edited.push(now);
    else edited[at % Math.max(1, edited.length)] = now;
  }
  return edited;
}
