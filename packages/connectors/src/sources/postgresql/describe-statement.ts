import type { Column } from '@sluice/domain/column';
import { SluiceError } from '@sluice/domain/error';
import { asSubquery, isQuery } from '../../kit/model-statement.ts';
import type { PgSession } from '../../kit/pg-connection.ts';
import type { SpoolForm } from '../../kit/spool-form.ts';
import { canonicalText, columnType, type PgType, spooledText } from './column-type.ts';
import { ParseStatement, type ResultField } from './parse-statement.ts';
import { notAQuery, queryFailure } from './query-failure.ts';

export interface DescribedStatement {
  readonly statement: string;
  readonly columns: Column[];
  /** `SELECT` of the canonical text of every column, over the statement as a subquery. */
  readonly canonical: string;
  /** The same in the forms that cost the server least. */
  readonly spooled: { readonly sql: string; readonly forms: readonly SpoolForm[] };
  /** The subquery, with columns c1, c2 … */
  readonly subquery: string;
  /** SQL for the canonical text of each column. */
  readonly texts: readonly string[];
}

/**
 * Has the server judge a model's statement, in a read-only transaction that is already open: parsed alone (one
 * statement, names and types resolved), parsed as a subquery (so nothing that writes, and nothing that closes the
 * bracket), then planned, which checks the user's rights. Throws `query_invalid` with the place,
 * `query_not_read_only`, `query_columns_duplicate`, `source_permission`.
 */
export async function describeStatement(session: PgSession, statement: string): Promise<DescribedStatement> {
  const { fields, parameters } = await parse(session, statement).catch((thrown: unknown) => {
    throw queryFailure(thrown, statement) ?? thrown;
  });
  if (!isQuery(statement)) throw new SluiceError('query_not_read_only', 'A model has to be a SELECT.');
  if (parameters > 0) {
    throw new SluiceError(
      'query_invalid',
      'The query has a parameter ($1), and nothing to put in its place.',
      {
        fix: 'Write the value into the query.',
      },
    );
  }
  if (fields.length === 0) {
    // SELECT … INTO has no result either; as a subquery the server names it.
    await parse(session, `SELECT FROM (\n${statement}\n) AS model`).catch((thrown: unknown) => {
      throw notAQuery(thrown) ?? thrown;
    });
    throw new SluiceError('query_invalid', 'The query returns no columns.', {
      fix: 'Select at least one column.',
    });
  }
  refuseDuplicates(fields);
  const types = await readTypes(session, fields);
  const [version] = (await session.queryText(`SELECT current_setting('server_version_num')`))[0] ?? [];
  const texts = types.map((type, index) => canonicalText(type, `model.c${index + 1}`, Number(version)));
  const written = types.map((type, index) => spooledText(type, `model.c${index + 1}`, Number(version)));
  const subquery = asSubquery(statement, fields.length);
  const canonical = `SELECT ${texts.join(', ')} FROM ${subquery}`;
  await parse(session, canonical).catch((thrown: unknown) => {
    throw notAQuery(thrown) ?? thrown;
  });
  await session.queryText(`EXPLAIN ${canonical}`).catch((thrown: unknown) => {
    throw queryFailure(thrown, null) ?? thrown;
  });
  const columns = fields.map(({ name }, index) => {
    const type = types[index];
    return { name, type: type ? columnType(type) : 'unknown', nativeType: type?.label ?? 'unknown' } as const;
  });
  const spooled = {
    sql: `SELECT ${written.map(({ sql }) => sql).join(', ')} FROM ${subquery}`,
    forms: written.map(({ form }) => form),
  };
  return { statement, columns, canonical, spooled, subquery, texts };
}

const parse = (session: PgSession, text: string) =>
  session.submit(new ParseStatement(text), (query) => query.done());

function refuseDuplicates(fields: readonly ResultField[]): void {
  const seen = new Set<string>();
  for (const { name } of fields) {
    if (seen.has(name)) {
      throw new SluiceError('query_columns_duplicate', `The result has two columns called "${name}".`, {
        details: { column: name },
      });
    }
    seen.add(name);
  }
}

async function readTypes(session: PgSession, fields: readonly ResultField[]): Promise<PgType[]> {
  const rows = await session.queryText(typesSql, [
    fields.map(({ typeId }) => typeId),
    fields.map(({ typeModifier }) => typeModifier),
  ]);
  return rows.map(([label, builtin, kind, category]) => ({
    label: label ?? 'unknown',
    builtin: builtin ?? '',
    kind: kind ?? '',
    category: category ?? '',
  }));
}

const typesSql = `
  WITH RECURSIVE field AS (
    SELECT * FROM unnest($1::oid[], $2::int4[]) WITH ORDINALITY AS field (id, modifier, position)
  ), base AS (
    SELECT field.position, type.* FROM field JOIN pg_catalog.pg_type type ON type.oid = field.id
    UNION ALL
    SELECT base.position, type.* FROM base JOIN pg_catalog.pg_type type ON type.oid = base.typbasetype
    WHERE base.typtype = 'd'
  )
  SELECT pg_catalog.format_type(field.id, field.modifier),
    CASE WHEN base.typnamespace = 'pg_catalog'::regnamespace THEN base.typname ELSE '' END,
    base.typtype, base.typcategory
  FROM field JOIN base ON base.position = field.position AND base.typtype <> 'd'
  ORDER BY field.position`;
