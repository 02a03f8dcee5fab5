import {
  createMariadbDatabase,
  findMariadb,
  type MariadbServer,
  runOnMariadb,
} from '@sluice/testing/mariadb';
import { startTcpProxy } from '@sluice/testing/tcp-proxy';
import { until } from '@sluice/testing/until';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestContext, type TestContext } from '../../../destinations/__tests__/destination-context.ts';
import type { ConnectContext } from '../../../kit/context.ts';
import type { Configuration } from '../../../kit/source.ts';
import { spooledRows, sql } from '../../__tests__/spooled-rows.ts';
import { mysqlSource } from '../definition.ts';

const found = await findMariadb();

describe.skipIf(!found)(
  `the MySQL source${found ? '' : ' (not tested: no MariaDB answers at 127.0.0.1:3306)'}`,
  () => {
    const server = found as MariadbServer;
    let database: Awaited<ReturnType<typeof createMariadbDatabase>>;
    let proxy: Awaited<ReturnType<typeof startTcpProxy>>;
    let context: TestContext;
    let configuration: Configuration;
    const open = (changes: Configuration = {}, overrides: Partial<ConnectContext> = {}) =>
      mysqlSource.open({ ...configuration, ...changes }, { ...context, ...overrides });
    const run = (...statements: string[]) => runOnMariadb(server, statements, database.name);
    const texts = async (select: string) => (await spooledRows(open(), sql(select))).cells;

    beforeAll(async () => {
      database = await createMariadbDatabase(server);
      proxy = await startTcpProxy(server);
      context = createTestContext([server.port, proxy.port, 1]);
      configuration = { ...server, database: database.name, sslMode: 'disable' };
      await run(
        'CREATE TABLE pairs (a INT, b VARCHAR(20), PRIMARY KEY (a, b))',
        "INSERT INTO pairs SELECT seq, CONCAT('b', seq) FROM seq_1_to_250",
        'CREATE VIEW some_pairs AS SELECT a FROM pairs',
        'CREATE TABLE `odd ``name` (`Id` BIGINT UNSIGNED PRIMARY KEY, `a,b` DECIMAL(10,2), `select` JSON)',
      );
    });
    afterAll(async () => {
      await context.close();
      await proxy.close();
      await database.drop();
    });

    test('lists tables and views with columns, types and primary keys', async () => {
      const tables = (await open().introspect()).filter(({ schema }) => schema === database.name);
      expect(tables.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
        'odd `name table',
        'pairs table',
        'some_pairs view',
      ]);
      expect(tables[0]?.columns.slice(0, 2)).toEqual([
        { name: 'Id', nativeType: 'bigint(20) unsigned', primaryKey: true },
        { name: 'a,b', nativeType: 'decimal(10,2)', primaryKey: false },
      ]);
      expect(tables[1]?.columns.every(({ primaryKey }) => primaryKey)).toBe(true);
    });

    test('reads a table with an awkward name', async () => {
      const query = { queryType: 'table' as const, schema: database.name, table: 'odd `name' };
      expect((await open().describe(query)).map(({ name, type }) => `${name} ${type}`)).toEqual([
        'Id integer',
        'a,b decimal',
        'select string',
      ]);
    });

    test('previews the first rows and says that there are more', async () => {
      const preview = await open().preview(sql('SELECT a, b FROM pairs ORDER BY a'), { limit: 100 });
      expect(preview).toMatchObject({ hasMore: true, columns: [{ name: 'a' }, { name: 'b' }] });
      expect(preview.rows).toHaveLength(100);
      expect(preview.rows[0]).toEqual(['1', 'b1']);
    });

    describe('writes canonical text', () => {
      test.each([
        ['18446744073709551615', 'CAST(18446744073709551615 AS UNSIGNED)'],
        ['-9223372036854775808', 'CAST(-9223372036854775808 AS SIGNED)'],
        ['1.5', 'CAST(1.500 AS DECIMAL(10,3))'],
        ['0', 'CAST(-0.00 AS DECIMAL(10,2))'],
        ['12345678901234567890.123456789', 'CAST(12345678901234567890.1234567890 AS DECIMAL(40,10))'],
        ['0.1', 'CAST(0.1 AS DOUBLE)'],
        ['1e+300', 'CAST(1e300 AS DOUBLE)'],
        ['2026-02-28', "DATE '2026-02-28'"],
        ['2026-02-28T10:20:30.123456', "TIMESTAMP '2026-02-28 10:20:30.123456'"],
        ['2026-02-28T10:20:30', "CAST('2026-02-28 10:20:30.000' AS DATETIME(3))"],
        ['-838:59:59', "CAST('-838:59:59' AS TIME)"],
        ['\\x00ff5c', "X'00FF5C'"],
        ['é🙂\n"quoted", it\'s', `'é🙂\\n"quoted", it\\'s'`],
        ['', "''"],
        [null, 'NULL'],
        [' spaces ', "' spaces '"],
      ])('%j', async (text, expression) => {
        expect(await texts(`SELECT ${expression} AS value`)).toEqual([[text]]);
      });

      test('of columns whose type only a table can have', async () => {
        await run(
          `CREATE TABLE typed (id INT(6) ZEROFILL, flag BIT(1), bits BIT(12), year YEAR, real4 FLOAT, at TIMESTAMP(3) NULL,
          day DATE, kind ENUM('a','ß'), many SET('x','y'), bytes VARBINARY(4), doc JSON)`,
          "SET sql_mode = ''",
        );
        await runOnMariadb(
          server,
          [
            "SET time_zone = '+02:00', sql_mode = ''",
            `INSERT INTO typed VALUES (7, b'1', b'100000000001', 2026, 0.1, '2026-06-01 02:00:00.5', '0000-00-00', 'ß', 'x,y', X'0A0B', '{"b":1}')`,
          ],
          database.name,
        );
        expect(await texts('SELECT * FROM typed')).toEqual([
          [
            '7',
            'true',
            '2049',
            '2026',
            '0.1',
            '2026-06-01T00:00:00.5Z',
            null,
            'ß',
            'x,y',
            '\\x0a0b',
            '{"b":1}',
          ],
        ]);
      });
    });

    test('cells of every length are whole', async () => {
      const lengths = [0, 1, 250, 251, 252, 65_535, 65_536, 300_000, 5_000_000];
      const columns = lengths.map(
        (length, index) => `REPEAT('é', ${length}) AS c${index}, NULL AS n${index}`,
      );
      const [cells] = await texts(`SELECT ${columns.join(', ')}`);
      expect(cells?.map((cell) => cell?.length ?? null)).toEqual(lengths.flatMap((length) => [length, null]));
      expect(cells?.every((cell) => cell === null || /^é*$/.test(cell))).toBe(true);
    });

    test('keys that a collation would hold to be equal are different keys', async () => {
      const keys = `SELECT 'a' AS k UNION ALL SELECT 'A' UNION ALL SELECT 'á' UNION ALL SELECT 'a' UNION ALL SELECT '' UNION ALL SELECT NULL`;
      expect(await open().inspectKey(sql(keys), 'k')).toEqual({
        rows: 6,
        nulls: 2,
        duplicates: 2,
        examples: ['a'],
      });
    });

    describe('a model may only read', () => {
      test.each([
        ['two statements', 'SELECT 1 AS a; SELECT 2 AS b'],
        ['an insert', "INSERT INTO pairs VALUES (1000, 'x')"],
        ['a file', "SELECT 1 AS a INTO OUTFILE '/tmp/sluice-must-not-exist'"],
        ['a lock', 'SELECT a FROM pairs FOR UPDATE; DELETE FROM pairs'],
      ])('%s', async (_what, text) => {
        await expect(texts(text)).rejects.toMatchObject({ code: expect.stringMatching(/^query_/) });
        expect(await run('SELECT COUNT(*) AS n FROM pairs')).toEqual([{ n: 250 }]);
      });

      test('a function that writes is refused by the transaction', async () => {
        await run(
          "CREATE FUNCTION sneak() RETURNS INT MODIFIES SQL DATA BEGIN INSERT INTO pairs VALUES (9999, 'x'); RETURN 1; END",
        );
        await expect(texts('SELECT sneak() AS a')).rejects.toMatchObject({ code: 'query_not_read_only' });
      });
    });

    test('says what is wrong with a query', async () => {
      await expect(open().describe(sql('SELECT nothing FROM pairs'))).rejects.toMatchObject({
        code: 'query_invalid',
        message: expect.stringContaining('nothing'),
      });
      await expect(open().describe(sql('SELECT 1 AS a, 2 AS a'))).rejects.toMatchObject({
        code: 'query_columns_duplicate',
      });
    });

    test('a connection that breaks in the middle is not the end of the result', async () => {
      const abort = new AbortController();
      const source = open({ port: proxy.port }, { signal: abort.signal });
      let rows = 0;
      const reading = source.spool(
        sql("SELECT seq, REPEAT('x', 500) AS t FROM seq_1_to_2000000"),
        '/dev/null',
        (seen) => {
          rows = seen;
          proxy.breakAll();
        },
      );
      await expect(reading).rejects.toMatchObject({ code: 'source_ended_early' });
      expect(rows).toBeLessThan(2_000_000);
    });

    test('stops at the server when the reader leaves', async () => {
      const abort = new AbortController();
      const reading = spooledRows(open({}, { signal: abort.signal }), sql('SELECT SLEEP(60) AS left_alone'));
      const running = () =>
        runOnMariadb(server, [
          "SELECT id FROM information_schema.processlist WHERE info LIKE '%left_alone%' AND info NOT LIKE '%processlist%'",
        ]);
      await until('the query runs', async () => (await running()).length === 1);
      abort.abort(new Error('left'));
      await expect(reading).rejects.toThrow('left');
      await until('the query is gone', async () => (await running()).length === 0);
    });

    test('stops at the server when nothing comes for too long', async () => {
      const source = open({}, { timeouts: { connectMs: 2_000, requestMs: 200 } });
      await expect(source.preview(sql('SELECT SLEEP(60) AS a'), { limit: 1 })).rejects.toMatchObject({
        code: 'source_timeout',
      });
    });

    test('spools many rows whole', async () => {
      const { rows, cells } = await spooledRows(open(), sql('SELECT seq, seq * 2 AS b FROM seq_1_to_20001'));
      expect(rows).toBe(20_001);
      expect(cells.at(-1)).toEqual(['20001', '40002']);
    });
  },
);
