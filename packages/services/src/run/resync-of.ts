import type { ResyncKind, SyncConfiguration } from '@sluice/domain/sync';
import { type SyncModeDefinition, syncModes } from '@sluice/domain/sync-mode';

/**
 * How a run treats what was delivered before. What somebody asked for wins, then what is pending on the sync (a new
 * primary key, an edit); but a full resync that is pending does what a backfill would do. A mode that writes its target anew sends everything each time; the first run of one that may skip its
 * first result (events) takes the model as known.
 */
export function resyncOf(
  asked: ResyncKind,
  pending: ResyncKind,
  { mode: id, firstRun }: Pick<SyncConfiguration, 'mode' | 'firstRun'>,
  ledgerKey: string | null,
): ResyncKind {
  if (asked === 'full' || asked === 'reset') return asked;
  if (pending === 'full' || pending === 'reset') return pending;
  const mode: SyncModeDefinition = syncModes[id];
  if (mode.resends) return 'full';
  if (asked !== 'none') return asked;
  if (pending !== 'none') return pending;
  return mode.firstRunChoice && firstRun === 'skip' && ledgerKey === null ? 'reset' : 'none';
}
