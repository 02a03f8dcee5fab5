import fc from 'fast-check';
import { describe, it } from 'vitest';
import { anyHistory, assertEqualPlans } from './histories.ts';
import type { TableRow } from './planner-world.ts';
import { openPostgresqlPlace } from './postgresql-place.ts';

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
const mishaps = [
  'drop table if exists sluice_planner.ledger_1',
  'drop table if exists sluice_planner.version_1, sluice_planner.seen_1',
  'truncate sluice_planner.ledger_1',
  'delete from sluice_planner.ledger_1 where key = (select min(key) from sluice_planner.ledger_1)',
  'update sluice_planner.ledger_1 set print = null',
];

describe('two planners', () => {
  it('plan the same over any history, and switching sends nothing again', { timeout: 280_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(anyHistory(row, mishaps), (history) => assertEqualPlans(history, openPostgresqlPlace)),
      { numRuns: 12, interruptAfterTimeLimit: 240_000 },
    );
  });
});
