import type { ConnectionView } from '@sluice/domain/connection';
import type { CheckResult } from '@sluice/domain/connector';
import type { ConnectionRow } from './connection-kind.ts';

/** A stored connection as it may be shown: its configuration never holds a secret. */
export function connectionView(row: ConnectionRow): ConnectionView {
  const { id, name, slug, type, createdAt, updatedAt } = row;
  const lastCheck = row.lastCheck as { at: string; ok: boolean; checks: CheckResult[] } | null;
  return {
    id,
    name,
    slug,
    type,
    configuration: row.configuration as Record<string, unknown>,
    createdAt,
    updatedAt,
    lastCheck: lastCheck && { ...lastCheck, at: new Date(lastCheck.at) },
  };
}
