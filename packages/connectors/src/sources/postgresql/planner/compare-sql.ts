import { asSubquery } from '../../../kit/model-statement.ts';
import type { DescribedStatement } from '../describe-statement.ts';
import { tablesOf } from './names.ts';

export interface CompareStatement {
  readonly model: Pick<DescribedStatement, 'statement' | 'texts' | 'columns'>;
  /** Positions of columns in the model. */
  readonly key: number;
  readonly values: readonly number[];
  /** Position in `values`. */
  readonly match: number | null;
  /** Part of every print: what makes the text of a row mean something else. Letters and digits. */
  readonly salt: string;
}

/** Every row with its print: what `SourcePlanner.compare` promises without a mirror. */
export function everyRowSql({ model, key, values, salt }: CompareStatement): string {
  const cells = [
    "'row'",
    'NULL',
    model.texts[key],
    printOf(model, values, salt),
    ...values.map((position) => model.texts[position]),
  ];
  return `SELECT ${cells.join(', ')} FROM ${asSubquery(model.statement, model.texts.length)}`;
}

/**
 * The hash of a row as PostgreSQL writes it, which costs a third of one over canonical texts. Rows inside of rows and
 * arrays are taken as canonical text: PostgreSQL writes them without the names of their fields.
 */
function printOf(
  { columns, texts }: CompareStatement['model'],
  values: readonly number[],
  salt: string,
): string {
  const parts = values.map((position) => {
    const { type, nativeType } = columns[position] ?? {};
    const nameless = type === 'array' || (type === 'json' && nativeType !== 'json' && nativeType !== 'jsonb');
    return nameless ? texts[position] : `model.c${position + 1}`;
  });
  return `md5(ROW(${[`'${salt}'`, ...parts].join(', ')})::text)`;
}

/**
 * One statement that runs the model once and answers what `SourcePlanner.compare` promises with a mirror.
 *
 * `compared` has a small tuple for each row and each key that is gone; `v` is NULL where the print is the same, so no
 * value of an unchanged row is turned into text. Otherwise it begins with the print (NULL: the key is gone) and whether the
 * mirror has the key; for a key that is gone its old match value follows, for a row its values.
 *
 * Keys that occur twice are looked for among new keys, and among known ones only when there are more of their rows than
 * keys in the mirror, which is counted by itself. Everything is compared byte by byte (`COLLATE "C"`), whatever the columns' own collations hold to be equal.
 */
export function compareSql({ model, key, values, match, salt }: CompareStatement, syncId: number): string {
  const { ledger } = tablesOf(syncId);
  const raw = values.map((position) => `model.c${position + 1}`);
  const texts = values.map((position) => model.texts[position]);
  const matchText = match === null ? null : texts[match];
  const carried = `${['model.print', '(mirror.key IS NOT NULL)::text', ...texts].join(', ')}`;
  const columns = values.map((_, index) => `v[${index + 3}]`);
  const blank = values.map((_, index) => (index === match ? 'match' : 'NULL'));
  const empty = values.map(() => 'NULL');
  const line = (kind: string, cells: string[], from: string) =>
    `SELECT '${kind}', ${cells.join(', ')} FROM ${from}`;
  return `
WITH compared AS MATERIALIZED (
  SELECT coalesce(model.key, mirror.key) AS key${matchText === null ? '' : ', model.match'},
    CASE WHEN model.print IS NULL THEN ARRAY[NULL, 'true', mirror.match]
      WHEN mirror.print IS NULL OR mirror.print <> model.print THEN ARRAY[${carried}] END AS v
  FROM (
    SELECT (${model.texts[key]}) COLLATE "C" AS key, ${printOf(model, values, salt)} COLLATE "C" AS print
      ${matchText === null ? '' : `, (${matchText}) COLLATE "C" AS match`}${raw.map((column) => `, ${column}`).join('')}
    FROM ${asSubquery(model.statement, model.texts.length)}
  ) AS model
  FULL JOIN ${ledger} AS mirror ON mirror.key = model.key
), moved AS MATERIALIZED (
  SELECT * FROM compared WHERE v IS NOT NULL
), tally AS MATERIALIZED (
  SELECT (SELECT count(*) FROM ${ledger}) AS held, (SELECT count(*) FROM compared) - count(*) AS same, count(v[1]) AS rows, count(*) - count(v[1]) AS gone,
    count(*) FILTER (WHERE v[1] IS NOT NULL AND v[2] = 'true') AS known,
    count(*) FILTER (WHERE v[1] IS NOT NULL AND (key IS NULL OR key = '')) AS unkeyed
  FROM moved
), twice AS MATERIALIZED (
  SELECT key, count(*) AS number FROM moved
  WHERE v[1] IS NOT NULL AND v[2] = 'false' AND key <> '' GROUP BY key HAVING count(*) > 1
  UNION ALL
  SELECT key, count(*) FROM compared
  WHERE (v IS NULL OR (v[1] IS NOT NULL AND v[2] = 'true'))
    AND (SELECT same + known + gone <> held FROM tally)
  GROUP BY key HAVING count(*) > 1
)
${[
  line(
    'row',
    ['NULL::bigint', 'key', 'v[1]', ...columns],
    `moved WHERE v[1] IS NOT NULL AND key <> '' AND NOT EXISTS (SELECT FROM twice WHERE twice.key = moved.key)`,
  ),
  ...(match === null
    ? []
    : [
        line(
          'near',
          ['NULL', 'key', 'NULL', ...blank],
          `compared WHERE (v IS NULL OR (v[1] IS NOT NULL AND key IN (SELECT key FROM twice))) AND key <> '' AND match IN (
  SELECT match FROM moved WHERE v[1] IS NOT NULL UNION SELECT v[3] FROM moved WHERE v[1] IS NULL)`,
        ),
      ]),
  line('gone', ['NULL', 'key', 'NULL', ...empty], 'moved WHERE v[1] IS NULL'),
  line('twice', ['number', 'key', 'NULL', ...empty], 'twice'),
  line('queried', ['same + rows', 'NULL', 'NULL', ...empty], 'tally'),
  line('unkeyed', ['unkeyed', 'NULL', 'NULL', ...empty], 'tally'),
  line('held', ['held', 'NULL', 'NULL', ...empty], 'tally'),
].join('\nUNION ALL ')}`;
}
