import type { SyncStatus } from '@sluice/domain/run-status';

/** The status that people see: a disabled sync says so, whatever its last run did. */
export function syncStatus(sync: { status: string; disabled: boolean }): SyncStatus {
  return sync.disabled ? 'disabled' : (sync.status as SyncStatus);
}
