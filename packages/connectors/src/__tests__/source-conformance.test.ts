import type { Column } from '@sluice/domain/column';
import { startTcpProxy } from '@sluice/testing/tcp-proxy';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestContext, type TestContext } from '../destinations/__tests__/destination-context.ts';
import { exampleSource } from '../examples/source/definition.ts';
import type { ConnectContext } from '../kit/context.ts';
import type { SourceConnection } from '../kit/source.ts';
import { sourceDefinitions } from '../registry.ts';
import { type Spooled, spooledRows, sql } from '../sources/__tests__/spooled-rows.ts';
import { type ConnectorCase, exampleCase, type Places, sourceCases } from './connector-cases.ts';
import { type OpenPlaces, openPlaces } from './places.ts';
import { columnNames, type ValueQuestion, valueQuestions } from './source-questions.ts';
import type { Answer, Literal } from './source-speech.ts';

let open: OpenPlaces;
let places: Places;
let context: TestContext;

beforeAll(async () => {
  open = await openPlaces();
  ({ places, context } = open);
}, 120_000);
afterAll(() => open.close());

const kinds = [...new Set(valueQuestions.map(({ literal }) => literal.kind))];
const asked = [
  ...Object.entries(sourceDefinitions).map(([slug, definition]) => ({
    slug,
    definition,
    one: sourceCases[slug],
  })),
  { slug: 'example', definition: exampleSource, one: exampleCase },
].flatMap(({ slug, definition, one }) => {
  return one?.speech && one.absent === undefined ? [{ slug, definition, one, speech: one.speech }] : [];
});

test('every source that runs here is asked', () => {
  const silent = Object.entries(sourceCases).filter(([, one]) => one.speech === undefined);
  expect(silent.map(([slug]) => slug)).toEqual([]);
});

describe.each(asked)('$slug', ({ definition, one, speech }) => {
  const from = speech.from === undefined ? '' : ` ${speech.from}`;
  const source = (overrides: Partial<ConnectContext> = {}): SourceConnection =>
    definition.open((one as ConnectorCase).working(places), { ...context, ...overrides });
  const select = (value: string, name = 'v'): string => `SELECT ${value} AS ${speech.quote(name)}${from}`;
  const number = (given: string): string => speech.literal({ kind: 'integer', given, bits: 32 }) ?? given;
  const spool = (text: string) => spooledRows(source(), sql(text));

  beforeAll(() => speech.prepare?.(places, context), 300_000);

  describe('values', () => {
    const sayable = valueQuestions.flatMap((question) => {
      const said = speech.literal(question.literal);
      return said === null ? [] : [{ ...question, said }];
    });
    // All of them in one statement, which is quicker; one by one where that statement is refused.
    let together: Promise<Spooled | null> | null = null;
    const readTogether = () =>
      spool(`SELECT ${sayable.map(({ said }, index) => `${said} AS v${index}`).join(', ')}${from}`).catch(
        () => null,
      );
    const answerTo = async (said: string, index: number) => {
      together ??= readTogether();
      const all = await together;
      if (all === null) return spool(select(said));
      return {
        columns: [{ ...all.columns[index], name: 'v' }],
        cells: all.cells.map((row) => [row[index] ?? null]),
      };
    };
    test.each(sayable.map((question, index) => ({ ...question, index })))(
      '$name',
      async (question) => {
        const { columns, cells } = await answerTo(question.said, question.index);
        const answer: Answer | undefined = speech.otherwise?.[question.name];
        const type = answer?.type ?? question.type;
        const text = answer?.text === undefined ? question.text : answer.text;
        expect(columns).toEqual([{ name: 'v', type, nativeType: expect.stringMatching(/./) }]);
        expect(cells).toHaveLength(1);
        expectText(question, cells[0]?.[0] ?? null, text);
        // The first one waits for the statement that holds all of them.
      },
      90_000,
    );

    test.each(kinds)('NULL where a %s could be', async (kind) => {
      const said = speech.typedNull(kind);
      if (said === null) return;
      const { cells, columns } = await spool(`SELECT ${said} AS v, ${number('1')} AS one${from}`);
      expect(cells).toEqual([[null, '1']]);
      expect(columns).toHaveLength(2);
    });

    test('its own answers are to questions that are asked', () => {
      const names = new Set(sayable.map(({ name }) => name));
      for (const [name, { because }] of Object.entries(speech.otherwise ?? {})) {
        expect(names, name).toContain(name);
        expect(because, name).toMatch(/\.$/);
      }
    });
  });

  describe('columns', () => {
    test.each(columnNames.filter((name) => speech.cannotName?.[name] === undefined))(
      'called %s',
      async (name) => {
        const query = sql(select(number('1'), name));
        expect((await source().describe(query)).map((column) => column.name)).toEqual([name]);
        expect(await source().inspectKey(query, name)).toMatchObject({ rows: 1, nulls: 0, duplicates: 0 });
      },
    );

    test('stay in their order, 200 of them', async () => {
      const names = Array.from({ length: 200 }, (_, index) => `c${(index * 7919) % 200}`);
      const list = names.map((name, index) => `${number(String(index))} AS ${speech.quote(name)}`);
      const { columns, cells } = await spool(`SELECT ${list.join(', ')}${from}`);
      expect(columns.map(({ name }) => name)).toEqual(names);
      expect(cells).toEqual([names.map((_, index) => String(index))]);
    });

    test('are the same when described, previewed and read', async () => {
      const text = `SELECT ${number('1')} AS a, ${speech.literal(aString)} AS b${from}`;
      const described = await source().describe(sql(text));
      expect(described.map(({ name, type }) => `${name} ${type}`)).toEqual(['a integer', 'b string']);
      expect((await source().preview(sql(text), { limit: 1 })).columns).toEqual(described);
      expect((await spool(text)).columns).toEqual(described);
    });

    test.skipIf(speech.cannotRefuseDuplicates)('of one name are refused', async () => {
      const text = `SELECT ${number('1')} AS a, ${number('2')} AS a${from}`;
      expect(await codeOf(source().describe(sql(text)))).toBe('query_columns_duplicate');
      expect(await codeOf(spool(text))).toBe('query_columns_duplicate');
    });
  });

  describe('results', () => {
    test('of no rows still have columns', async () => {
      const text = `SELECT * FROM (${speech.numbers(3)}) AS many WHERE n > 5`;
      const { rows, bytes, columns, cells } = await spool(text);
      expect([rows, bytes, cells, columns.map(({ name }) => name)]).toEqual([0, 0, [], ['n']]);
      const preview = await source().preview(sql(text), { limit: 10 });
      expect(preview).toMatchObject({ rows: [], hasMore: false, columns });
    });

    test('of NULLs alone have as many rows', async () => {
      const text = `SELECT ${speech.typedNull('string')} AS v FROM (${speech.numbers(3)}) AS many`;
      expect(await spool(text)).toMatchObject({ rows: 3, cells: [[null], [null], [null]] });
    });

    test('tell empty text and NULL apart', async () => {
      const empty = speech.literal({ kind: 'string', given: '' });
      const text = `SELECT ${empty} AS a, ${speech.typedNull('string')} AS b${from}`;
      expect((await spool(text)).cells).toEqual([['', null]]);
    });

    test.each([1, 1_000, 20_001])('of %d rows are whole', async (count) => {
      const seen: number[] = [];
      const { rows, cells } = await spool(speech.numbers(count));
      expect(rows).toBe(count);
      const numbers = cells.map(([cell]) => Number(cell)).sort((a, b) => a - b);
      expect([numbers[0], numbers.at(-1), new Set(numbers).size]).toEqual([1, count, count]);
      await source().spool(sql(speech.numbers(count)), '/dev/null', (read) => seen.push(read));
      expect(seen.at(-1)).toBe(count);
    });

    test('have the same bytes whenever they are read', async () => {
      const sayable = valueQuestions.flatMap(({ literal }) => speech.literal(literal) ?? []).slice(0, 120);
      const text = `SELECT ${sayable.map((said, index) => `${said} AS c${index}`).join(', ')}${from}`;
      const [first, second] = [await spool(text), await spool(text)];
      expect(second).toEqual(first);
    });

    test.each([
      [0, 1, 0, true],
      [1, 1, 1, false],
      [99, 100, 99, true],
      [100, 100, 100, false],
      [100, 99, 99, false],
    ])('previewed %d of %d rows', async (limit, count, shown, hasMore) => {
      const preview = await source().preview(sql(speech.numbers(count)), { limit });
      expect([preview.rows.length, preview.hasMore]).toEqual([shown, hasMore]);
      expect(preview.durationMs).toBeGreaterThanOrEqual(0);
    });

    test('previewed show the beginning of long cells', async () => {
      const long = speech.literal({ kind: 'string', given: 'x'.repeat(5_000) }) ?? '';
      const { rows } = await source().preview(sql(select(long)), { limit: 1 });
      expect(rows[0]?.[0]).toBe('x'.repeat(2_000));
    });
  });

  describe('keys', () => {
    const keys = (...values: (string | null)[]) =>
      values
        .map((given) =>
          given === null ? speech.typedNull('string') : speech.literal({ kind: 'string', given }),
        )
        .map((said) => `SELECT ${said} AS k${from}`)
        .join(' UNION ALL ');
    test.each([
      ['different', ['a', 'b'], { rows: 2, nulls: 0, duplicates: 0, examples: [] }],
      ['repeated', ['a', 'b', 'a'], { rows: 3, nulls: 0, duplicates: 2, examples: ['a'] }],
      ['missing', ['a', null, ''], { rows: 3, nulls: 2, duplicates: 0, examples: [] }],
      ['of other cases', ['a', 'A', 'á', 'ａ'], { rows: 4, nulls: 0, duplicates: 0, examples: [] }],
      ['with spaces at the end', ['a', 'a ', ' a'], { rows: 3, nulls: 0, duplicates: 0, examples: [] }],
    ])('%s', async (_what, values, counts) => {
      expect(await source().inspectKey(sql(keys(...values)), 'k')).toEqual(counts);
    });

    test('that are not there are said to be missing', async () => {
      await expect(source().inspectKey(sql(keys('a')), 'other')).rejects.toMatchObject({
        code: 'model_primary_key_missing',
      });
    });
  });

  describe('tables', () => {
    const { query, key, rows } = speech.table;
    const listed = async () =>
      (await source().introspect()).find(
        ({ schema, name }) => schema === query.schema && name === query.table,
      );

    test('are listed with their columns', async () => {
      const table = await listed();
      expect(table?.columns.map(({ name }) => name)).toContain(key);
      for (const { nativeType } of table?.columns ?? []) expect(nativeType).toMatch(/./);
    });
    test('have the columns that they are listed with', async () => {
      const described = await source().describe(query);
      expect(described.map(({ name }: Column) => name)).toEqual(
        (await listed())?.columns.map(({ name }) => name),
      );
    });
    test('are read whole', async () => expect((await spooledRows(source(), query)).rows).toBe(rows));
    test('are previewed', async () =>
      expect((await source().preview(query, { limit: 1 })).rows).toHaveLength(1));
    test('have keys', async () =>
      expect(await source().inspectKey(query, key)).toMatchObject({ rows, nulls: 0, duplicates: 0 }));
    test('that are not there are said to be', async () => {
      const missing = { ...query, table: 'sluice_no_such_table' };
      const codes = [source().describe(missing), source().preview(missing, { limit: 1 })].map(codeOf);
      expect(await Promise.all(codes)).toEqual(['query_invalid', 'query_invalid']);
    });
    test('are listed the same every time', async () => {
      expect(await source().introspect()).toEqual(await source().introspect());
    });
  });

  describe('statements', () => {
    const one1 = select(number('1'), 'id');
    test.each([
      ['with a semicolon at the end', `${one1};`],
      ['with semicolons and a comment at the end', `${one1} ;; -- done`],
      ['with a comment at the end', `${one1} -- done`],
      ['with a block comment in front', `/* ids; all */ ${one1}`],
      ['with line ends of Windows', one1.replaceAll(' ', '\r\n')],
      ['with a common table expression', `WITH x AS (${one1}) SELECT * FROM x`],
      ['with an order', `SELECT * FROM (${one1}) AS x ORDER BY 1`],
      ['in lower case', one1.replace('SELECT', 'select')],
    ])('%s are read', async (_what, text) => {
      expect((await spool(text)).cells).toEqual([['1']]);
      expect(await source().describe(sql(text))).toHaveLength(1);
      expect((await source().preview(sql(text), { limit: 5 })).rows).toEqual([['1']]);
      expect(await source().inspectKey(sql(text), 'id')).toMatchObject({ rows: 1 });
    });

    test.each([
      ['nothing', ''],
      ['a comment alone', '-- nothing'],
      ['a word', 'sluice'],
      ['half a statement', 'SELECT'],
      ['an open string', "SELECT 'a"],
      ['an open bracket', 'SELECT (1'],
      ['a column that is not there', `SELECT sluice_missing FROM (${one1}) AS x`],
      ['a table that is not there', 'SELECT * FROM sluice_no_such_table'],
      ['a function that is not there', 'SELECT sluice_no_such_function(1) AS v'],
    ])('%s is an error to act on', async (_what, text) => {
      for (const work of allWays) {
        const thrown = await work(source(), text).then(
          () => null,
          (error: unknown) => error,
        );
        expect(thrown).toMatchObject({ code: 'query_invalid', message: expect.stringMatching(/\.$/) });
      }
    });
  });

  describe('a model only reads', () => {
    const { query, rows } = speech.table;
    const table = `${speech.quote(query.schema)}.${speech.quote(query.table)}`;
    test.each([
      `INSERT INTO ${table} SELECT * FROM ${table}`,
      `UPDATE ${table} SET ${speech.quote(speech.table.key)} = NULL`,
      `DELETE FROM ${table}`,
      `TRUNCATE TABLE ${table}`,
      `DROP TABLE ${table}`,
      `ALTER TABLE ${table} ADD sluice_column INT`,
      'CREATE TABLE sluice_made (id INT)',
      `CREATE VIEW sluice_made AS SELECT * FROM ${table}`,
      `SELECT 1 AS a; DELETE FROM ${table}`,
      `/* SELECT */ DELETE FROM ${table}`,
      `(SELECT 1 AS a); DROP TABLE ${table}`,
      `WITH x AS (SELECT 1 AS a) DELETE FROM ${table}`,
      ...speech.forbidden,
    ])('%s is refused', async (text) => {
      // Nothing runs to describe a statement, so that alone may pass.
      for (const work of allWays.slice(1)) expect(await codeOf(work(source(), text))).toMatch(refusals);
      expect(await source().inspectKey(query, speech.table.key)).toMatchObject({ rows });
    });
  });

  const { slow, through } = speech;
  describe.skipIf(slow === null)('a query that takes too long', () => {
    const text = slow ?? '';
    test.each(['preview', 'spool'] as const)('lets go of a %s when the reader leaves', async (what) => {
      const abort = new AbortController();
      const patient = { connectMs: 60_000, requestMs: 600_000, queryMs: 600_000 };
      const connection = source({ signal: abort.signal, timeouts: patient });
      const running =
        what === 'preview'
          ? connection.preview(sql(text), { limit: 1 })
          : connection.spool(sql(text), '/dev/null', () => {});
      const said = running.then(
        () => 'done',
        (error: Error) => error.message,
      );
      await new Promise((resolve) => setImmediate(resolve));
      abort.abort(new Error('left'));
      expect(await said).toBe('left');
    });

    test('is stopped when the time is over', async () => {
      const connection = source({ timeouts: { connectMs: 2_000, requestMs: 400 } });
      expect(await codeOf(connection.preview(sql(text), { limit: 1 }))).toBe('source_timeout');
    });
  });

  describe.skipIf(through === undefined)('a connection', () => {
    test('that breaks in the middle is not the end', async () => {
      const server = through?.(places);
      if (!server) throw new Error('not asked');
      const proxy = await startTcpProxy({ host: '127.0.0.1', port: server.port });
      const around = createTestContext([proxy.port]);
      try {
        let rows = 0;
        const reading = definition
          .open(server.at(proxy.port), around)
          .spool(sql(speech.numbers(5_000_000)), '/dev/null', (read) => {
            rows = read;
            proxy.breakAll();
          });
        // A source that counts at the end only is broken into by its first bytes.
        expect(await codeOf(reading)).toBe('source_ended_early');
        expect(rows).toBeLessThan(5_000_000);
      } finally {
        await proxy.close();
        await around.close();
      }
    });
  });
});

type Way = (source: SourceConnection, text: string) => Promise<unknown>;
/** All that is done with a statement, from describing it on. */
const allWays: readonly Way[] = [
  (source, text) => source.describe(sql(text)),
  (source, text) => source.preview(sql(text), { limit: 1 }),
  (source, text) => source.spool(sql(text), '/dev/null', () => {}),
];
const refusals = /^(query_invalid|query_not_read_only|source_permission)$/;

const aString: Literal = { kind: 'string', given: 'x' };

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: { code?: string; message?: string }) => error.code ?? error.message ?? 'unknown',
  );

/** Floats may write the same digits with another exponent; all else is compared as it stands. */
function expectText({ literal }: ValueQuestion, text: string | null, expected: string | null): void {
  if (literal.kind !== 'float' || text === null || expected === null || !/\d/.test(expected)) {
    expect(text).toBe(expected);
    return;
  }
  expect(Number(text)).toBe(Number(expected));
  expect(digitsOf(text)).toBe(digitsOf(expected));
}

const digitsOf = (text: string): string =>
  text
    .replace(/e.*$/i, '')
    .replace(/\D/g, '')
    .replace(/^0+|0+$/g, '');
