import { createTestContext } from '@sluice/connectors/destinations/__tests__/destination-context';
import { postgresqlDestination } from '@sluice/connectors/destinations/postgresql/definition';
import type { DestinationConnection, DestinationWriter } from '@sluice/connectors/kit/destination';
import type { PayloadFormat } from '@sluice/connectors/kit/payload';
import type { Column, ColumnType } from '@sluice/domain/column';
import type { MappingInput } from '@sluice/domain/mapping';
import type { SyncConfiguration } from '@sluice/domain/sync';
import { asOwner, createEmptyDatabase, testCluster } from '@sluice/testing/postgres';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileMappings } from '../map/mapping.ts';
import type { OpenPlan } from '../plan/open-plan.ts';
import { numberText, textOf } from './awkward-texts.ts';
import { changeAt, configurationOf, PlanDesk, payloadOf, type Texts, variables } from './payload-plan.ts';

/** The columns of a model, and the types of the table that each of them is written to. */
interface Shape {
  readonly columns: readonly { readonly type: ColumnType; readonly into: readonly string[] }[];
  readonly texts: (type: ColumnType) => fc.Arbitrary<string | null>;
  /** What was said differently once, by type. */
  readonly once?: Readonly<Partial<Record<ColumnType, string>>>;
}

/** Types that take nearly any text of these columns, so that what differs is seen and not refused. */
const lenient: Shape = {
  columns: [
    { type: 'boolean', into: ['text', 'jsonb'] },
    { type: 'integer', into: ['text', 'jsonb'] },
    { type: 'decimal', into: ['text', 'jsonb'] },
    { type: 'float', into: ['jsonb'] },
    { type: 'string', into: ['text', 'varchar(200)', 'jsonb', 'json'] },
    { type: 'json', into: ['jsonb', 'json'] },
    { type: 'array', into: ['jsonb'] },
    { type: 'date', into: ['text'] },
    { type: 'time', into: ['text'] },
    { type: 'timestamp', into: ['text'] },
    { type: 'binary', into: ['text'] },
    { type: 'unknown', into: ['text'] },
  ],
  texts: textOf,
  once: { json: '99999999999999.99', array: '[1234567890.123456]' },
};
const numeric: Shape = {
  columns: [
    { type: 'integer', into: ['numeric', 'double precision'] },
    { type: 'decimal', into: ['numeric', 'double precision', 'numeric(60,20)'] },
    { type: 'float', into: ['numeric', 'double precision'] },
  ],
  texts: () => numberText,
};
/** Types that refuse much; what they take has to be the same. */
const strict: Shape = {
  columns: [
    { type: 'boolean', into: ['boolean'] },
    { type: 'integer', into: ['bigint'] },
    { type: 'date', into: ['date'] },
    { type: 'timestamp', into: ['timestamptz', 'timestamp'] },
    { type: 'binary', into: ['bytea'] },
  ],
  texts: textOf,
};

/** Rows of which most columns hold nothing special, so that the others decide. */
function rowOf({ columns, texts }: Shape): fc.Arbitrary<(string | null)[]> {
  return fc.tuple(
    ...columns.map(({ type }) =>
      fc.oneof(
        { weight: columns.length, arbitrary: fc.constantFrom(null, ...calm[type]) },
        { weight: 2, arbitrary: texts(type) },
      ),
    ),
  );
}

const calm: Record<ColumnType, string[]> = {
  boolean: ['true', 'false'],
  integer: ['0', '-12'],
  decimal: ['0', '-1.5'],
  float: ['0.30000000000000004', '7'],
  string: ['{"a": 1}', '"Anne"'],
  json: ['{"a": 1.5}'],
  array: ['["a", null]'],
  date: ['2026-11-22'],
  time: ['10:20:30.5'],
  timestamp: ['2026-11-22T07:00:00.123456Z'],
  binary: ['\\x00ff'],
  unknown: ['(1,2)'],
};

let desk: PlanDesk;
let database: string;
let connection: DestinationConnection;
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  desk = await PlanDesk.open();
  const { url, name } = await createEmptyDatabase();
  database = name;
  const { port } = await testCluster();
  const { username, password } = new URL(url);
  const context = createTestContext([port]);
  connection = postgresqlDestination.open(
    {
      ...{ host: '127.0.0.1', port, database, sslMode: 'disable' },
      ...{ user: decodeURIComponent(username), password: decodeURIComponent(password) },
    },
    context,
  );
  closing.push(
    () => connection.close(),
    context.close,
    () => desk.close(),
  );
});
afterAll(async () => {
  for (const close of closing) await close();
});

/** Two equal tables, and the same sync to each: rows go into one as text, into the other as records. */
async function twins(name: string, { columns }: Shape) {
  const fields = columns.flatMap(({ type, into }) =>
    into.map((native, index) => ({ to: `${type} ${index}`, from: type, native })),
  );
  const open = async (table: string) => {
    const definitions = fields.map(({ to, native }) => `"${to}" ${native}`).join(', ');
    await asOwner(`create table "${table}" (k text primary key, ${definitions})`, [], database);
    const configuration = configurationOf({
      object: `public.${table}`,
      matchKey: { from: 'k', to: 'k' },
      mappings: fields.map(({ to, from }): MappingInput => ({ type: 'column', to, from })),
    });
    const place = {
      configuration,
      writer: await connection.writer(configuration),
      /** Forgets what was refused: after that a writer is careful for a while. */
      async reopen() {
        await place.writer.close();
        place.writer = await connection.writer(configuration);
      },
    };
    closing.unshift(() => place.writer.close());
    return place;
  };
  // JSON is compared as what it means: the same document may be written in several ways.
  const said = fields.map(({ to, native }) =>
    native.startsWith('json') ? `"${to}"::jsonb as "${to}"` : `"${to}"::text as "${to}"`,
  );
  const different = `(select k, ${said.join(', ')} from "${name} as text" except select k, ${said.join(', ')} from "${name} as records")
    union all (select k, ${said.join(', ')} from "${name} as records" except select k, ${said.join(', ')} from "${name} as text")`;
  return {
    text: await open(`${name} as text`),
    records: await open(`${name} as records`),
    empty: () => asOwner(`truncate "${name} as text", "${name} as records"`, [], database),
    different: () => asOwner(different, [], database),
  };
}

const freely = {
  signal: new AbortController().signal,
  idempotencyKey: 'key',
  admit: async () => undefined,
};

/** What became of a row that was sent alone as text; `null` when it is none. */
async function sendText(
  { writer, configuration }: { writer: DestinationWriter; configuration: SyncConfiguration },
  plan: OpenPlan,
  seq: number,
): Promise<'delivered' | 'refused' | null> {
  const format = writer.payloads?.format('added') as PayloadFormat;
  const planned = await payloadOf(plan, format, configuration, { from: seq, to: seq });
  if (!planned) return null;
  const outcome = await writer.payloads?.deliver(planned.payload, freely);
  if (outcome?.kind !== 'all') return 'refused';
  expect(outcome.result).toEqual({ status: 'delivered' });
  return 'delivered';
}

async function sendRecord(
  { writer, configuration }: { writer: DestinationWriter; configuration: SyncConfiguration },
  plan: OpenPlan,
  seq: number,
): Promise<string> {
  const result = compileMappings(configuration, variables)(await changeAt(plan, seq));
  if ('rejected' in result) throw new Error(result.rejected.message);
  const { results } = await writer.deliver([result.record], freely);
  return results[0]?.status ?? 'nothing';
}

/** The text of several rows is that of one after the other, and there is none where one of them has none. */
async function expectJoined(
  { writer, configuration }: { writer: DestinationWriter; configuration: SyncConfiguration },
  plan: OpenPlan,
  rows: number,
): Promise<void> {
  const format = writer.payloads?.format('added') as PayloadFormat;
  const bytesOf = async (from: number, to: number) =>
    (await payloadOf(plan, format, configuration, { from, to }))?.payload.bytes ?? null;
  const parts: Uint8Array[] = [];
  for (let seq = 1; seq <= rows; seq += 1) {
    const bytes = await bytesOf(seq, seq);
    if (bytes) parts.push(bytes);
  }
  const whole = await bytesOf(1, rows);
  expect(whole && Buffer.from(whole)).toEqual(parts.length < rows ? null : Buffer.concat(parts));
}

describe('rows as lines of COPY', () => {
  let keys = 0;
  it.each(Object.entries({ lenient, numeric, strict }))(
    'leave in %s tables what records leave there',
    {
      timeout: 200_000,
    },
    async (name, shape) => {
      const { text, records, empty, different } = await twins(name, shape);
      const columns = shape.columns.map(({ type }): Column => ({ name: type, type, nativeType: type }));
      const row = rowOf(shape);
      let delivered = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 8 }), async (rows) => {
          await empty();
          const planned = rows.map((values): Texts => [`key ${keys++}`, ...values]);
          const plan = await desk.plan({ name: 'k', type: 'string', nativeType: 'text' }, columns, planned);
          await expectJoined(text, plan, rows.length);
          for (let seq = 1; seq <= rows.length; seq += 1) {
            const asText = await sendText(text, plan, seq);
            if (asText === null) continue;
            const asRecord = await sendRecord(records, plan, seq);
            // Nothing is wrong with a text that the server refuses, unless it would take the row.
            expect([planned[seq - 1], asRecord]).toEqual([
              planned[seq - 1],
              asText === 'delivered' ? 'delivered' : 'rejected',
            ]);
            if (asText === 'delivered') delivered += 1;
            else await text.reopen();
          }
          expect(await different()).toEqual([]);
        }),
        {
          ...(shape.once && {
            examples: [[[shape.columns.map(({ type }) => shape.once?.[type] ?? null)]]],
          }),
          numRuns: 60,
          interruptAfterTimeLimit: 180_000,
        },
      );
      expect(delivered).toBeGreaterThan(40);
    },
  );
});
