import type { Row } from '@sluice/domain/column';
import type { MappedRow, SyncConfiguration } from '@sluice/domain/sync';
import type { PlannedChange } from '../plan/planned-change.ts';
import type { RunSpecification } from '../run.ts';
import { compileMappings, type MappingResult } from './mapping.ts';
import { runVariables } from './run-variables.ts';

/** A row of a plan with the record that the run's frozen specification makes of it, for people to look at. */
export function mapRow(spec: RunSpecification, change: PlannedChange): MappedRow {
  const map = compileMappings(spec.configuration, runVariables(spec));
  return mappedRow(spec.configuration, change, map(change));
}

/** A change and what mapping made of it. The record shows the match field beside the mapped ones. */
export function mappedRow(
  configuration: SyncConfiguration,
  change: PlannedChange,
  result: MappingResult,
): MappedRow {
  const { key, row } = change;
  if ('rejected' in result) return { key, row, record: null, error: result.rejected.message };
  const match: Row = configuration.matchKey ? { [configuration.matchKey.to]: result.record.matchValue } : {};
  return { key, row, record: { ...match, ...result.record.fields }, error: null };
}
