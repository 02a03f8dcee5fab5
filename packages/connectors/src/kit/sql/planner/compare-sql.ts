import { createHash } from 'node:crypto';
import type { Column } from '@sluice/domain/column';
import type { ComparedColumns } from '../../planner.ts';
import type { SqlDialect } from '../engine.ts';
import type { PlannerDialect } from './planner-engine.ts';

/** Raised whenever canonical text is written differently: every print is void then. */
const canonicalVersion = 1;

/** What a comparison is made of. */
export interface CompareStatement {
  readonly dialect: SqlDialect;
  readonly planner: PlannerDialect;
  /** The model's SQL, which the server has described as a query. */
  readonly statement: string;
  readonly columns: readonly Column[];
  readonly chosen: ComparedColumns;
}

/** Why a model cannot be compared in the source, in words for people; `null`: it can. */
export function reasonAgainst({ dialect, planner, columns, chosen }: CompareStatement): string | null {
  const { key, values, match } = chosen;
  const quoted = (column: Column): string => dialect.quote(column.name);
  const looked = [
    ['The primary key', columns[key]],
    ['The match key', match === null ? undefined : columns[values[match] ?? -1]],
  ] as const;
  for (const [what, column] of looked) {
    if (column && planner.exact(quoted(column), column) === null)
      return `${what} "${column.name}" is of the type ${column.nativeType}, by which rows cannot be looked up in the source.`;
  }
  const strange = values
    .map((position) => columns[position])
    .find((column) => column && planner.part(quoted(column), column) === null);
  return strange === undefined
    ? null
    : `The column "${strange.name}" is of the type ${strange.nativeType}, of which the source can make no hash.`;
}

/** Columns of `everyRowSql`: the key, the print, the values. */
export function everyRowSql(statement: CompareStatement): string {
  const { key, values } = statement.chosen;
  const cells = [
    `${columnOf(statement, key)} AS s_key`,
    `${printOf(statement)} AS s_print`,
    ...values.map((position, index) => `${columnOf(statement, position)} AS s_v${index}`),
  ];
  return `SELECT ${cells.join(', ')} FROM (\n${statement.statement}\n) AS sluice_model`;
}

/**
 * One query that reads the model once, the mirror beside it, and answers what is not the same, and who shares a key or a match
 * value with it. Columns: fate, times, turn, known, touched, text, key, print, and the values. By `fate`:
 *
 * - `row`: another print than the mirror's, or none there. `same`: a row that shares its key, or its match value with one
 *   of these or of a key that is gone.
 * - `gone`: a key of the mirror, in `text`, that the model does not have.
 * - `state`, `held`: once each, in `text`: which ledger the mirror holds, and how many keys; -1 where one is there twice.
 *
 * `times`: how many rows have this key, and `turn` counts them; `known`: 1 where the mirror has it; `touched`: 1 where the match
 * value is that of a `row`, or of a key that is gone.
 *
 * Counts of what did not travel follow from these, so nothing has to pass one place in the server but what is different.
 */
export function compareSql(compared: CompareStatement, mirror: string): string {
  const { planner, chosen, columns } = compared;
  const { key, values, match } = chosen;
  const exact = (position: number): string => {
    const column = columns[position] as Column;
    return planner.exact(columnOf(compared, position), column) ?? 'NULL';
  };
  const matched = match === null ? null : exact(values[match] ?? 0);
  const picked = values.map((position, index) => `${columnOf(compared, position)} AS s_v${index}`);
  const text = (value: string): string => `CAST(${value} AS ${planner.textType})`;
  const none = text('NULL');
  const carried = values.map((_, index) =>
    index === match
      ? `s_model.s_v${index} AS s_v${index}`
      : `CASE WHEN s_mirror.print = s_model.s_print THEN NULL ELSE s_model.s_v${index} END AS s_v${index}`,
  );
  const list = values.map((_, index) => `, s_v${index}`).join('');
  return `
SELECT s_fate, s_times, s_turn, s_known, s_touched, s_text, s_key, s_print${list} FROM (
  SELECT s_fate, s_known, s_text, s_key, s_print${list},
    SUM(s_here) OVER (PARTITION BY s_id) AS s_times,
    ROW_NUMBER() OVER (PARTITION BY s_id ORDER BY s_fate) AS s_turn,
    ${match === null ? '0' : `MAX(CASE WHEN s_fate IN ('row', 'gone') THEN 1 ELSE 0 END) OVER (PARTITION BY s_circle)`} AS s_touched
  FROM (
    SELECT
      CASE WHEN s_model.s_here = 1 THEN CASE WHEN s_mirror.print = s_model.s_print THEN 'same' ELSE 'row' END
        ELSE s_mirror.part END AS s_fate,
      COALESCE(s_model.s_here, 0) AS s_here,
      CASE WHEN s_mirror.id IS NULL THEN 0 ELSE 1 END AS s_known,
      COALESCE(s_model.s_id, s_mirror.id) AS s_id,
      s_mirror.row_key AS s_text,${
        match === null
          ? ''
          : `
      COALESCE('m' || CASE WHEN s_model.s_here = 1 THEN s_model.s_match ELSE s_mirror.match_id END,
        'k' || COALESCE(s_model.s_id, s_mirror.id)) AS s_circle,`
      }
      s_model.s_key AS s_key, s_model.s_print AS s_print${carried.map((cell) => `, ${cell}`).join('')}
    FROM (
      SELECT 1 AS s_here, ${columnOf(compared, key)} AS s_key, ${planner.hash(blankless(exact(key)))} AS s_id,
        ${printOf(compared)} AS s_print${matched === null ? '' : `, ${planner.hash(matched)} AS s_match`}${picked.map((cell) => `, ${cell}`).join('')}
      FROM (\n${compared.statement}\n) AS sluice_model
    ) AS s_model
    FULL OUTER JOIN (
      SELECT CASE WHEN part = 'key' THEN ${text("'gone'")} ELSE part END AS part,
        CASE WHEN part = 'key' THEN id END AS id, row_key, print, match_id
      FROM ${mirror} WHERE part IN ('key', 'state')
      UNION ALL
      SELECT ${text("'held'")}, ${none}, ${text('CASE WHEN COUNT(*) = COUNT(DISTINCT id) THEN COUNT(*) ELSE -1 END')}, ${none}, ${none}
      FROM ${mirror} WHERE part = 'key'
    ) AS s_mirror ON s_mirror.id = s_model.s_id
  ) AS s_paired
) AS s_counted
WHERE s_fate <> 'same' OR s_times > 1 OR s_touched = 1`;
}

/** An empty key is none. By its length: some servers hold blanks to be equal to nothing. */
const blankless = (text: string): string => `CASE WHEN LENGTH(${text}) = 0 THEN NULL ELSE ${text} END`;

const columnOf = ({ dialect, columns }: CompareStatement, position: number): string =>
  `sluice_model.${dialect.quote((columns[position] as Column).name)}`;

/** The hash of a row: of the hashes of its values, so that no text grows longer than a server takes. */
function printOf(compared: CompareStatement): string {
  const { planner, columns, chosen } = compared;
  const used = chosen.values.map((position) => columns[position] as Column);
  const salt = createHash('md5')
    .update(JSON.stringify([canonicalVersion, used.map(({ name, nativeType }) => [name, nativeType])]))
    .digest('hex');
  const parts = chosen.values.map((position, index) =>
    planner.part(columnOf(compared, position), used[index] as Column),
  );
  return planner.hash([`'${salt}'`, ...parts].join(` || ',' || `));
}
