import type { Value } from '@sluice/domain/column';
import type { SyncConfiguration } from '@sluice/domain/sync';
import type { DestinationRecord } from './destination.ts';

/**
 * The value of a field, also for a row that has left the model: such a record carries no fields, but the columns that
 * `removalColumns` named. `null` where no column was mapped to the field.
 */
export function fieldOf(record: DestinationRecord, sync: SyncConfiguration, name: string): Value {
  if (record.class !== 'removed') return record.fields[name] ?? null;
  const mapping = sync.mappings.find(({ to }) => to === name);
  if (mapping?.type === 'static') return mapping.value;
  return mapping?.type === 'column' ? (record.row[mapping.from] ?? null) : null;
}

/** Columns of the model that fill these fields: what the ledger has to keep. */
export const removalColumns = (sync: SyncConfiguration, names: readonly string[]): string[] =>
  sync.mappings.flatMap((mapping) =>
    mapping.type === 'column' && names.includes(mapping.to) ? [mapping.from] : [],
  );
