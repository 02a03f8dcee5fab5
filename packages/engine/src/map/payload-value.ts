import type { LineField } from '@sluice/connectors/kit/payload';
import type { ColumnType } from '@sluice/domain/column';

/** SQL of the text of a value, from its canonical text; NULL stays NULL. */
export interface ValueSql {
  readonly text: string;
  /** Conditions under which `text` means what `parseValue` makes of the canonical text. */
  readonly exact: readonly string[];
}

/** A value as JSON. */
export function jsonValue(sql: string, type: ColumnType): ValueSql {
  switch (type) {
    case 'boolean':
      return { text: sql, exact: [orNull(sql, `${sql} IN ('true', 'false')`)] };
    case 'integer':
      return { text: sql, exact: [orNull(sql, `TRY_CAST(${sql} AS BIGINT)::VARCHAR = ${sql}`)] };
    case 'decimal':
      return decimal(sql);
    case 'float':
      return float(sql);
    case 'json':
    case 'array':
      return { text: sql, exact: [orNull(sql, nested(sql))] };
    case 'string':
    case 'date':
    case 'time':
    case 'timestamp':
    case 'binary':
    case 'unknown':
      return { text: `to_json(${sql})::VARCHAR`, exact: [] };
  }
}

/** A value as the text of a field of COPY; `null` where types differ so much that records have to say it. */
export function lineValue(sql: string, type: ColumnType, reads: LineField['reads']): ValueSql | null {
  switch (type) {
    case 'boolean':
      return reads === 'json' ? jsonValue(sql, type) : { text: sql, exact: [] };
    case 'integer':
      return reads === 'json'
        ? jsonValue(sql, type)
        : { text: sql, exact: [orNull(sql, withoutPadding(sql))] };
    case 'decimal':
      return decimal(sql);
    case 'float':
      return reads === 'text' ? null : shortest(sql, float(sql));
    case 'json':
    case 'array':
      return reads === 'json'
        ? { text: sql, exact: [orNull(sql, `(${nested(sql)} AND ${neitherTextNorNull(sql)})`)] }
        : null;
    case 'string':
      return { text: sql, exact: reads === 'json' ? [orNull(sql, json(sql))] : [] };
    case 'date':
    case 'time':
    case 'timestamp':
    case 'binary':
    case 'unknown':
      return reads === 'json' ? null : { text: sql, exact: [] };
  }
}

const orNull = (sql: string, condition: string): string => `(${sql} IS NULL OR ${condition})`;

/**
 * Up to 15 digits, which a double holds, with as many places as it shows without an exponent, and no zero at their end:
 * `12.5`, and not `12.50`.
 */
const decimal = (sql: string): ValueSql => ({
  text: sql,
  exact: [orNull(sql, `(strlen(${sql}) <= 16 AND ${plainNumber(sql, 15, 6)})`)],
});

/** The same double, though not always in the same digits. */
const float = (sql: string): ValueSql => ({ text: sql, exact: [orNull(sql, plainNumber(sql, 17, 20))] });

const plainNumber = (sql: string, digits: number, places: number): string =>
  `(regexp_full_match(${sql}, '-?(0|[1-9]\\d{0,${digits - 1}})(\\.\\d{0,${places - 1}}[1-9])?') AND ${sql} <> '-0')`;

/** An exact numeric type takes all the digits of a double: they have to be those that it has as a number. */
const shortest = (sql: string, { text, exact }: ValueSql): ValueSql => ({
  text,
  exact: [...exact, orNull(sql, `(strlen(${text}) <= 15 OR TRY_CAST(${text} AS DOUBLE)::VARCHAR = ${text})`)],
});

/** Neither `007` nor `-0`, which are 7 and 0; what is no integer at all stays as it is. */
const withoutPadding = (sql: string): string =>
  `(${sql} = '0' OR NOT (starts_with(${sql}, '0') OR starts_with(${sql}, '-0')))`;

/** JSON, and not only what DuckDB takes for it. */
const json = (sql: string): string =>
  `(json_valid(${sql}) AND NOT regexp_matches(${sql}, ',\\s*[\\]}]|(^|[\\[:,\\s-])(?i:nan|inf)'))`;

/** JSON without numbers that a double may not hold, or that are written another way. */
const nested = (sql: string): string =>
  `(${json(sql)} AND NOT regexp_matches(${sql}, '\\d{15}|[\\d.]{16}|\\d[eE]|(^|[\\[:,\\s])-0(\\.0+)?([\\s,\\]}]|$)'))`;

/** Of such a document a value is made whose text says something else. */
const neitherTextNorNull = (sql: string): string => `NOT regexp_matches(${sql}, '^\\s*["n]')`;
