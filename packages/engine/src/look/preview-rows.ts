import type { MappedRow, RequestView } from '@sluice/domain/sync';
import { operationsOf } from '@sluice/domain/sync-mode';
import { mappedRow } from '../map/map-row.ts';
import { compileMappings } from '../map/mapping.ts';
import { runVariables } from '../map/run-variables.ts';
import { usedColumns } from '../plan/used-columns.ts';
import type { DraftSpecification, EnginePorts } from '../run.ts';
import { previewRequests } from './dry-run.ts';
import { previewChange } from './preview-change.ts';

/**
 * The first rows of the model as they would be sent, as added rows (as changed ones if the mode sends no added rows).
 * Nothing is sent or stored.
 */
export async function previewRows(
  spec: DraftSpecification,
  ports: Pick<EnginePorts, 'source' | 'destination' | 'signal'>,
  limit = 5,
): Promise<{ rows: MappedRow[]; requests: RequestView[] }> {
  const map = compileMappings(spec.configuration, runVariables(spec));
  const { columns, rows } = await ports.source.preview(spec.model.query, { limit });
  usedColumns(columns, spec.model.primaryKey, spec.configuration, ports.destination);
  const className = operationsOf(spec.configuration).added === null ? 'changed' : 'added';
  const mapped = rows.slice(0, limit).map((cells, index) => {
    const { key, change } = previewChange(columns, cells, {
      seq: index + 1,
      primaryKey: spec.model.primaryKey,
      class: className,
    });
    return { key, change, result: map(change) };
  });
  const records = mapped.flatMap(({ key, result }) =>
    key !== null && 'record' in result ? [result.record] : [],
  );
  return {
    rows: mapped.map(({ key, change, result }) =>
      key === null || key === ''
        ? { key, row: change.row, record: null, error: 'The primary key is empty: such a row is never sent.' }
        : mappedRow(spec.configuration, change, result),
    ),
    requests: await previewRequests(spec, ports, records.length > 0 ? [records] : []),
  };
}
