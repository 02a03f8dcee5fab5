import type { SyncView } from '@sluice/domain/sync';
import { isHeld } from '@sluice/domain/sync-health';
import { Status } from '@sluice/ui/Status';
import { CirclePause } from 'lucide-react';
import { RunStatusBadge } from '#features/run/RunStatusBadge.tsx';
import { pauseTitle } from './pause-words.ts';

/** The status of the newest run, and beside it that the schedule holds still. */
export function SyncStatusBadge({ sync }: { sync: SyncView }) {
  const held = sync.pause && !sync.disabled && isHeld(sync.pause, new Date()) ? sync.pause : null;
  return (
    <span className="inline-flex flex-wrap items-center gap-1.5">
      <RunStatusBadge status={sync.status} />
      {held && (
        <Status
          tone="caution"
          icon={<CirclePause />}
          label="Paused"
          description={`${pauseTitle(held)}. ${held.message}`}
        />
      )}
    </span>
  );
}
