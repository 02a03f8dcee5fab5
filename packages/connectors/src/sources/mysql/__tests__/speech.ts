import { findMariadb, runOnMariadb } from '@sluice/testing/mariadb';
import type { Literal, SourceSpeech } from '../../../__tests__/source-speech.ts';

/** Asked of MariaDB, whose JSON is text and which has no arrays, no infinite numbers, and time zones only in tables. */
export const mysqlSpeech: SourceSpeech = {
  literal,
  typedNull: (kind) => (types[kind] ? `CAST(NULL AS ${types[kind]})` : null),
  quote: (name) => `\`${name.replaceAll('`', '``')}\``,
  numbers: (count) => `SELECT seq AS n FROM test.seq_1_to_${count}`,
  slow: 'SELECT SLEEP(120) AS a',
  forbidden: [
    "SELECT 1 AS a INTO OUTFILE '/tmp/sluice-must-not-exist'",
    "SELECT 1 AS a INTO DUMPFILE '/tmp/sluice-must-not-exist'",
    'SELECT 1 INTO @a',
    "LOAD DATA INFILE '/etc/passwd' INTO TABLE test.sluice_questions",
    "LOAD DATA LOCAL INFILE '/etc/passwd' INTO TABLE test.sluice_questions",
    'SET GLOBAL max_connections = 1',
    'LOCK TABLES test.sluice_questions WRITE',
    'HANDLER test.sluice_questions OPEN',
    'CALL sluice_procedure()',
    'FLUSH TABLES',
  ],
  cannotName: { '👩': 'Names have no characters outside the first plane.' },
  table: { query: { queryType: 'table', schema: 'test', table: 'sluice_questions' }, key: 'id', rows: 2 },
  async prepare() {
    const server = await findMariadb();
    if (!server) return;
    await runOnMariadb(server, [
      'CREATE DATABASE IF NOT EXISTS test',
      'CREATE TABLE IF NOT EXISTS test.sluice_questions (id BIGINT PRIMARY KEY, name TEXT)',
      "REPLACE INTO test.sluice_questions VALUES (1, 'one'), (2, 'two')",
    ]);
  },
};

const types: Partial<Record<Literal['kind'], string>> = {
  integer: 'SIGNED',
  decimal: 'DECIMAL(10,2)',
  float: 'DOUBLE',
  string: 'CHAR',
  date: 'DATE',
  time: 'TIME',
  timestamp: 'DATETIME(6)',
  binary: 'BINARY',
};

function literal(value: Literal): string | null {
  switch (value.kind) {
    case 'integer':
      if (value.bits > 64) return null;
      return `CAST(${value.given} AS ${value.unsigned ? 'UNSIGNED' : 'SIGNED'})`;
    case 'decimal':
      return `CAST(${value.given} AS DECIMAL(${value.precision},${value.scale}))`;
    case 'float':
      return value.bits === 64 && /\d/.test(value.given) ? `CAST('${value.given}' AS DOUBLE)` : null;
    case 'string':
      return `'${value.given.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
    case 'date':
      return `DATE '${value.given}'`;
    case 'time':
      return `TIME '${value.given}'`;
    case 'timestamp':
      return value.digits === 9 ? null : `CAST('${value.given}' AS DATETIME(${value.digits}))`;
    case 'binary':
      return `X'${value.given}'`;
    default:
      return null;
  }
}
