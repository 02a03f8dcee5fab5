import type { PayloadFormat } from '@sluice/connectors/kit/payload';
import { valueToJson } from '@sluice/connectors/kit/value-json';
import { type Column, type ColumnType, columnTypes } from '@sluice/domain/column';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenPlan } from '../plan/open-plan.ts';
import { anyName, anyType, textOf } from './awkward-texts.ts';
import { changeAt, configurationOf, PlanDesk, payloadOf, type Texts } from './payload-plan.ts';

const format: PayloadFormat = {
  rowsMax: 1_000,
  rows: { kind: 'json', before: '{"rows":[', between: ',', after: ']}' },
};
const configuration = configurationOf({ mode: 'trigger', triggers: ['added'] });
const column = (name: string, type: ColumnType): Column => ({ name, type, nativeType: type });

let desk: PlanDesk;
beforeAll(async () => {
  desk = await PlanDesk.open();
});
afterAll(() => desk.close());

const textAt = async (plan: OpenPlan, from: number, to = from): Promise<string | null> => {
  const planned = await payloadOf(plan, format, configuration, { from, to });
  return planned && Buffer.from(planned.payload.bytes).toString();
};

/** Numbers as they are written, so that digits count. */
const digits = (text: string): unknown =>
  JSON.parse(text, (_key, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' ? `number ${context?.source}` : value,
  );

/** A row in which every column that is written in digits of its own is compared by them. */
function expectSame(text: string, expected: string, columns: readonly Column[]): void {
  expect(JSON.parse(text)).toEqual(JSON.parse(expected));
  const [one, other] = [text, expected].map((body) => (digits(body) as { rows: object[] }).rows[0] ?? {});
  expect(Object.keys(one ?? {})).toEqual(Object.keys(other ?? {}));
  const cells = (row: object = {}) => new Map<string, unknown>(Object.entries(row));
  for (const { name, type } of columns) {
    if (type === 'integer' || type === 'decimal') expect(cells(one).get(name)).toBe(cells(other).get(name));
  }
}

const model = fc
  .tuple(
    anyType,
    fc.uniqueArray(fc.record({ name: anyName, type: anyType }), {
      selector: ({ name }) => name,
      minLength: 1,
      maxLength: 5,
    }),
  )
  .chain(([keyType, values]) => {
    const key = fc.oneof(
      textOf(keyType).filter((text): text is string => text !== null),
      fc.nat().map(String),
    );
    const row = fc.tuple(key, ...values.map(({ type }) => textOf(type)));
    return fc.record({
      key: fc.constant(column('id', keyType)),
      values: fc.constant(
        values.filter(({ name }) => name !== 'id').map(({ name, type }) => column(name, type)),
      ),
      rows: fc.array(row as fc.Arbitrary<Texts>, { minLength: 1, maxLength: 6 }),
    });
  })
  .map(({ key, values, rows }) => ({
    key,
    values,
    rows: rows.map((row) => row.slice(0, values.length + 1) as unknown as Texts),
  }));

describe('rows as JSON', () => {
  it('say what records say, whatever their columns hold, or are left to records', {
    timeout: 120_000,
  }, async () => {
    let payloads = 0;
    await fc.assert(
      fc.asyncProperty(model, async ({ key, values, rows }) => {
        const plan = await desk.plan(key, values, rows);
        const texts: (string | null)[] = [];
        for (let seq = 1; seq <= rows.length; seq += 1) {
          const text = await textAt(plan, seq);
          texts.push(text);
          if (text === null) continue;
          payloads += 1;
          expectSame(text, valueToJson({ rows: [(await changeAt(plan, seq)).row] }), [key, ...values]);
        }
        // Together they are one payload exactly when each of them may be one.
        const whole = await textAt(plan, 1, rows.length);
        const parts = texts.map((text) => text?.slice('{"rows":['.length, -']}'.length));
        expect(whole).toBe(texts.includes(null) ? null : `{"rows":[${parts.join(',')}]}`);
      }),
      { numRuns: 200, interruptAfterTimeLimit: 100_000 },
    );
    expect(payloads).toBeGreaterThan(100);
  });

  const plain: Record<ColumnType, string[]> = {
    boolean: ['true', 'false'],
    integer: ['0', '-12', '9007199254740993', '-9223372036854775808'],
    decimal: ['0', '1.5', '-0.5', '99999999999999.9', '123456789012345'],
    float: ['0', '1.5', '0.30000000000000004', '12345678901234567'],
    string: ['', 'null', '\\.', '"a"\n\u2028😀', '\u001f'],
    date: ['2026-11-22', 'infinity'],
    time: ['10:20:30.5'],
    timestamp: ['2026-11-22T07:00:00.123456Z'],
    json: ['{"a": [1, -0.5, "https://example.org/info"]}', '{"nano":"financial"}', '5', 'null', '"text"'],
    array: ['[]', '["a", null, 1.50]'],
    binary: ['\\x00ff'],
    unknown: ['(1,2)'],
  };
  const special: Partial<Record<ColumnType, string[]>> = {
    boolean: ['t', 'TRUE', ''],
    integer: ['-0', '007', '12345678901234567890', 'x', ''],
    decimal: ['-0.00', '0.0000001', '1234567890123456', 'NaN', '1e5', '+5', ''],
    float: ['NaN', 'Infinity', '-0', '1e21', '5e-324', ''],
    json: [
      '[1,]',
      '[NaN]',
      '[NAN]',
      '-iNf',
      '{"n":-0}',
      '[-0.0 ]',
      '[12345678901234567]',
      '1e3',
      '{broken',
      '/**/1',
      '',
    ],
    array: ['[1,]', '[Infinity]', 'x'],
  };
  it.each(columnTypes)('are a payload for plain texts of %s, and not for special ones', async (type) => {
    const rows = [...plain[type], null].map((text): Texts => ['1', text]);
    const usual = await desk.plan(column('id', 'integer'), [column('a', type)], rows);
    expect(await textAt(usual, 1, rows.length)).not.toBeNull();
    for (const text of special[type] ?? []) {
      const plan = await desk.plan(column('id', 'integer'), [column('a', type)], [['1', text]]);
      expect([text, await textAt(plan, 1)]).toEqual([text, null]);
    }
  });

  it('leave names that would change the order of an object to records', async () => {
    for (const name of ['7', '__proto__']) {
      const plan = await desk.plan(column('id', 'integer'), [column(name, 'string')], [['1', 'a']]);
      expect(await textAt(plan, 1)).toBeNull();
    }
  });
});
