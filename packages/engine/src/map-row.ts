import { SluiceError } from '@sluice/domain/error';
import type { MappedRow } from '@sluice/domain/sync';
import type { PlannedChange } from './planned-change.ts';
import type { RunSpecification } from './run.ts';

/** A row of a plan with the record that the run's frozen specification makes of it, for people to look at. */
export function mapRow(_spec: RunSpecification, _change: PlannedChange): MappedRow {
  throw new SluiceError('internal', 'Rows cannot be mapped by this build.');
}
