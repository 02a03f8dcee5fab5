import type { FieldTotal } from '@sluice/domain/dry-run';
import type { SyncConfiguration } from '@sluice/domain/sync';
import type { Duck } from '../duck.ts';
import type { PlanMetadata } from '../ledger/file-metadata.ts';
import type { RunVariables } from '../map/mapping.ts';
import { readRows } from '../plan/plan-rows.ts';
import { literal } from '../sql.ts';
import { columnField, compileDryRunRow, type MappedField, mappedFields } from './field-changes.ts';

interface TotalsInput {
  readonly path: string;
  readonly metadata: PlanMetadata;
  readonly configuration: SyncConfiguration;
  readonly variables: RunVariables;
  /** Changed rows that are sent. */
  readonly changedRows: number;
}

/**
 * How many of the changed rows change which field, most frequent first, and how many change their match value. Counted
 * in DuckDB by column; rendered templates are compared one by one up to 20,000 rows, and beyond that counted by the
 * columns that they use (`exact` is false then).
 */
export async function fieldTotals(
  duck: Duck,
  input: TotalsInput,
): Promise<{ fields: FieldTotal[]; matchValueChanges: number }> {
  if (input.changedRows === 0) return { fields: [], matchValueChanges: 0 };
  const { configuration, metadata } = input;
  const mapped = mappedFields(configuration, input.variables);
  const fields = mapped.length > 0 ? mapped : metadata.values.map(({ name }) => columnField(name, name));
  const matchFrom = configuration.matchKey?.from;
  const match = matchFrom === undefined ? 'false' : changedSql(metadata, columnField('', matchFrom));
  const [counts = []] = await duck.rows(`
    SELECT ${[match, ...fields.map((field) => changedSql(metadata, field))]
      .map((sql) => `count(*) FILTER (WHERE ${sql})::INTEGER`)
      .join(', ')}
    FROM read_parquet(${literal(input.path)}) WHERE class = 'changed' AND sent`);
  const rendered = await renderedTotals(duck, input, fields);
  const totals = fields.map((field, index): FieldTotal => {
    const rows = rendered?.get(field.field);
    return {
      field: field.field,
      rows: rows ?? Number(counts[index + 1]),
      exact: rows !== undefined || !field.isTemplate,
    };
  });
  return {
    fields: totals.filter(({ rows }) => rows > 0).sort((a, b) => b.rows - a.rows),
    matchValueChanges: Number(counts[0]),
  };
}

/** Whether a column that the field is made of differs; a column that the ledger did not keep counts as different. */
function changedSql(metadata: PlanMetadata, field: MappedField): string {
  if (field.perRun) return 'true';
  const names = field.columns === 'all' ? metadata.values.map(({ name }) => name) : field.columns;
  const differs = names.flatMap((name) => {
    if (name === metadata.primaryKey.name) return [];
    const now = metadata.values.findIndex((column) => column.name === name);
    const before = metadata.ledgerValues.findIndex((column) => column.name === name);
    const isSent = field.sendsNull || field.isTemplate ? '' : `v${now} IS NOT NULL AND `;
    return [before < 0 ? `${isSent}true` : `${isSent}v${now} IS DISTINCT FROM o${before}`];
  });
  return differs.map((sql) => `(${sql})`).join(' OR ') || 'false';
}

const renderedMax = 20_000;
const windowRows = 2_000;

/** Exact totals of the fields that are templates; `null` where there are none, or too many rows to render. */
async function renderedTotals(
  duck: Duck,
  input: TotalsInput,
  fields: readonly MappedField[],
): Promise<Map<string, number> | null> {
  const templates = fields.filter((field) => field.isTemplate).map(({ field }) => field);
  if (templates.length === 0 || input.changedRows > renderedMax) return null;
  const totals = new Map(templates.map((field) => [field, 0]));
  const show = compileDryRunRow(input.configuration, input.variables);
  let after = 0;
  for (;;) {
    const where = `class = 'changed' AND sent AND seq > ${after}`;
    const changes = await readRows(duck, input.path, input.metadata, where, windowRows);
    for (const change of changes) {
      for (const { field, changed } of show(change).fields) {
        const total = totals.get(field);
        if (changed && total !== undefined) totals.set(field, total + 1);
      }
    }
    const last = changes.at(-1);
    if (!last || changes.length < windowRows) return totals;
    after = last.seq;
  }
}
