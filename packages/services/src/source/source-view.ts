import type { SourceView } from '@sluice/domain/connection';
import type { ConnectionRow } from '../connection/connection-kind.ts';
import { connectionView } from '../connection/connection-view.ts';

/** What a source is loaded with to be shown. */
export const sourceInclude = {
  models: { select: { id: true, name: true }, orderBy: { id: 'asc' } },
} as const;

/** A source and the models that read from it. */
export function sourceView(row: ConnectionRow & Pick<SourceView, 'models' | 'plannerTables'>): SourceView {
  return { ...connectionView(row), models: row.models, plannerTables: row.plannerTables };
}
