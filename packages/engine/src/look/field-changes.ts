import { isDeepStrictEqual } from 'node:util';
import { columnsOfTemplate } from '@sluice/connectors/kit/template';
import type { Row, Value } from '@sluice/domain/column';
import type { DryRunRow, FieldChange } from '@sluice/domain/dry-run';
import type { Mapping } from '@sluice/domain/mapping';
import type { SyncConfiguration } from '@sluice/domain/sync';
import { operationsOf } from '@sluice/domain/sync-mode';
import { compileMappings, compileValue, type RunVariables } from '../map/mapping.ts';
import type { PlannedChange } from '../plan/planned-change.ts';

/** A field of the destination and the columns that its value is made of. */
export interface MappedField {
  readonly field: string;
  readonly columns: readonly string[] | 'all';
  /** Another value in each run, whatever the row holds. */
  readonly perRun: boolean;
  readonly sendsNull: boolean;
  readonly isTemplate: boolean;
  /** May throw, as a template does that cannot be rendered. */
  valueOf(change: PlannedChange): Value;
}

/** The match field and the mapped ones, in this order; none where requests are written as templates. */
export function mappedFields(configuration: SyncConfiguration, variables: RunVariables): MappedField[] {
  const { matchKey, mappings } = configuration;
  const match: MappedField[] = matchKey ? [columnField(matchKey.to, matchKey.from)] : [];
  const mapped = mappings.map((mapping) => ({
    field: mapping.to,
    columns: columnsOf(mapping),
    perRun: mapping.type === 'variable' && mapping.variable.startsWith('run-'),
    sendsNull: mapping.nulls === 'send',
    isTemplate: mapping.type === 'template',
    valueOf: compileValue(mapping, variables),
  }));
  return mappings.length === 0 ? [] : [...match, ...mapped];
}

/** A column that stands for itself. */
export const columnField = (field: string, column: string): MappedField => ({
  field,
  columns: [column],
  perRun: false,
  sendsNull: true,
  isTemplate: false,
  valueOf: ({ row }) => row[column] ?? null,
});

/** Compiles what shows a planned row field by field: as the ledger knows it, and as it would be sent. */
export function compileDryRunRow(
  configuration: SyncConfiguration,
  variables: RunVariables,
): (change: PlannedChange) => DryRunRow {
  const operations = operationsOf(configuration);
  const fields = mappedFields(configuration, variables);
  const map = compileMappings(configuration, variables);
  return (change) => {
    const { seq, key, class: name } = change;
    const operation = change.sent ? operations[name] : null;
    const result = change.sent ? map(change) : null;
    const sends = operation !== null && result !== null && 'record' in result;
    const clears = operation === 'clear';
    const shown = fields.length > 0 ? fields : columnFields(change);
    return {
      seq,
      key,
      class: name,
      operation,
      error: result && 'rejected' in result ? result.rejected.message : null,
      fields: shown.map((field) => fieldChange(field, change, { sends, clears })),
    };
  };
}

function fieldChange(
  field: MappedField,
  change: PlannedChange,
  { sends, clears }: { sends: boolean; clears: boolean },
): FieldChange {
  const removed = change.class === 'removed';
  const before = removed ? knownBefore(field, change.row, change) : valueBefore(field, change);
  const value = removed ? null : valueOrNull(field, change);
  const sent = sends && (removed ? clears : value !== null || field.sendsNull);
  const changed = sent && !(before.known && isDeepStrictEqual(before.value, value));
  return { field: field.field, before, after: { sent, value: sent ? value : null }, changed };
}

/** What the destination acknowledged, where the ledger has all that the value was made of. */
function valueBefore(field: MappedField, change: PlannedChange): FieldChange['before'] {
  return change.ledgerValues ? knownBefore(field, change.ledgerValues, change) : unknown;
}

function knownBefore(field: MappedField, row: Row, change: PlannedChange): FieldChange['before'] {
  const has = field.columns === 'all' || field.columns.every((name) => Object.hasOwn(row, name));
  if (!has || field.perRun) return unknown;
  return { known: true, value: valueOrNull(field, { ...change, row }) };
}

const unknown: FieldChange['before'] = { known: false, value: null };

/** A value that cannot be made is why the row is rejected; the row says so. */
function valueOrNull(field: MappedField, change: PlannedChange): Value {
  try {
    return field.valueOf(change);
  } catch {
    return null;
  }
}

const columnFields = (change: PlannedChange): MappedField[] =>
  [...new Set([...Object.keys(change.row), ...Object.keys(change.ledgerValues ?? {})])].map((name) =>
    columnField(name, name),
  );

function columnsOf(mapping: Mapping): readonly string[] | 'all' {
  if (mapping.type === 'column') return [mapping.from];
  return mapping.type === 'template' ? columnsOfTemplate(mapping.template) : [];
}
