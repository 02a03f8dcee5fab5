'use client';

import { Button } from '@sluice/ui/Button';
import { EmptyState } from '@sluice/ui/EmptyState';
import { Play } from 'lucide-react';
import { RunBrowser } from '#features/run/RunBrowser.tsx';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { useCurrentSync } from './SyncFrame.tsx';
import { useTriggerSync } from './use-trigger-sync.ts';

/** The runs of one sync. */
export function SyncRuns() {
  const sync = useCurrentSync();
  const { whyNot } = useWorkspace();
  const trigger = useTriggerSync();
  return (
    <RunBrowser
      syncId={sync.id}
      firstUse={
        <EmptyState
          icon={<Play />}
          title="Run it for the first time"
          action={
            <Button
              variant="primary"
              loading={trigger.isPending}
              disabledReason={whyNot('sync.trigger') ?? (sync.disabled ? 'Enable the sync first.' : null)}
              onClick={() => trigger.run({ id: sync.id })}
            >
              <Play />
              Run
            </Button>
          }
        >
          The first run sends all rows of the model as added. Later runs send only what was added, changed or
          removed since.
        </EmptyState>
      }
    />
  );
}
