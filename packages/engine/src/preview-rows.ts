import { SluiceError } from '@sluice/domain/error';
import type { MappedRow, RequestView } from '@sluice/domain/sync';
import type { DraftSpecification, EnginePorts } from './run.ts';

/** The first rows of the model as they would be sent. Nothing is sent or stored. */
export async function previewRows(
  _spec: DraftSpecification,
  _ports: Pick<EnginePorts, 'source' | 'destination' | 'signal'>,
  _limit = 5,
): Promise<{ rows: MappedRow[]; requests: RequestView[] }> {
  throw new SluiceError('internal', 'Rows cannot be previewed by this build.');
}
