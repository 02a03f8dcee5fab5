import { asOwner } from '@sluice/testing/postgres';
import { type Literal, type SourceSpeech, singleQuoted } from '../../../__tests__/source-speech.ts';
import { quoteIdentifier } from '../../../kit/sql-identifier.ts';

export const postgresqlSpeech: SourceSpeech = {
  literal,
  typedNull: (kind) => `NULL::${types[kind]}`,
  quote: quoteIdentifier,
  numbers: (count) => `SELECT n FROM generate_series(1, ${count}) AS n`,
  slow: 'SELECT pg_sleep(120)::text AS a',
  forbidden: [
    "COPY (SELECT 1) TO '/tmp/sluice-must-not-exist'",
    "COPY (SELECT 1) TO PROGRAM 'true'",
    "SELECT pg_notify('a', 'b'); SELECT 1 AS a",
    'SELECT * INTO sluice_made FROM questions',
    'DO $$ BEGIN DELETE FROM questions; END $$',
    'SET transaction_read_only = off',
    'WITH x AS (DELETE FROM questions RETURNING *) SELECT * FROM x',
    'EXPLAIN ANALYZE DELETE FROM questions',
    'LOCK TABLE questions',
    'VACUUM questions',
    "SELECT setval('questions_seq', 1) AS v",
  ],
  table: { query: { queryType: 'table', schema: 'public', table: 'questions' }, key: 'id', rows: 2 },
  async prepare({ postgres }) {
    const { database, user } = postgres;
    await asOwner('create table questions (id bigint primary key, name text)', [], database);
    await asOwner('create sequence questions_seq', [], database);
    await asOwner("insert into questions values (1, 'one'), (2, 'two')", [], database);
    await asOwner(`grant select on questions to ${quoteIdentifier(user)}`, [], database);
  },
};

const types: Record<Literal['kind'], string> = {
  boolean: 'boolean',
  integer: 'bigint',
  decimal: 'numeric(10,2)',
  float: 'double precision',
  string: 'text',
  date: 'date',
  time: 'time',
  timestamp: 'timestamp',
  instant: 'timestamptz',
  binary: 'bytea',
  array: 'bigint[]',
  json: 'jsonb',
};

/** No unsigned integers, none beyond 64 bits, and fractions of a second have six digits. */
function literal(value: Literal): string | null {
  switch (value.kind) {
    case 'boolean':
      return String(value.given);
    case 'integer': {
      const type = { 8: 'smallint', 16: 'smallint', 32: 'integer', 64: 'bigint', 128: null, 256: null }[
        value.bits
      ];
      return type && !value.unsigned ? `'${value.given}'::${type}` : null;
    }
    case 'decimal':
      return `'${value.given}'::numeric(${value.precision},${value.scale})`;
    case 'float':
      return `'${value.given}'::${value.bits === 32 ? 'real' : 'double precision'}`;
    case 'string':
      return `${singleQuoted(value.given)}::text`;
    case 'date':
    case 'time':
      return `'${value.given}'::${value.kind}`;
    case 'timestamp':
      return value.digits === 9 ? null : `'${value.given}'::timestamp(${value.digits})`;
    case 'instant':
      return `'${value.given}'::timestamptz(${value.digits})`;
    case 'binary':
      return `'\\x${value.given}'::bytea`;
    case 'array':
      return arrayOf(value);
    case 'json':
      return `${singleQuoted(value.given)}::jsonb`;
  }
}

function arrayOf({ of, given }: Extract<Literal, { kind: 'array' }>): string {
  if (of === 'string') {
    const texts = (JSON.parse(given) as string[]).map(singleQuoted);
    return `ARRAY[${texts.join(', ')}]::text[]`;
  }
  return `'${given.replaceAll('[', '{').replaceAll(']', '}')}'::bigint[]`;
}
