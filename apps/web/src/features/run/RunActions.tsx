'use client';

import { sumCounts } from '@sluice/domain/change';
import type { RunView } from '@sluice/domain/run';
import { Button, IconButton } from '@sluice/ui/Button';
import { ConfirmDialog } from '@sluice/ui/ConfirmDialog';
import { Menu, MenuItem, MenuLink, MenuSeparator } from '@sluice/ui/Menu';
import { useQueryClient } from '@tanstack/react-query';
import { ArrowRight, CircleStop, Ellipsis, Play, RotateCw, Undo2 } from 'lucide-react';
import { useState } from 'react';
import { CopyIdItem } from '#features/list/RowMenu.tsx';
import { RevertSheet } from '#features/replay/RevertSheet.tsx';
import { useTriggerSync } from '#features/sync/use-trigger-sync.ts';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { useTRPC } from '#trpc/client.ts';
import { useAction } from '#trpc/use-action.ts';
import { isRunning } from './run-status.ts';

/** What can be done with a run: cancel it while it goes on, run the sync again afterwards. */
export function RunActions({ run }: { run: RunView }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { paths, whyNot } = useWorkspace();
  const [resyncing, setResyncing] = useState(false);
  const [reverting, setReverting] = useState(false);
  const denied = whyNot('sync.trigger');
  const cancel = useAction(
    trpc.run.cancel.mutationOptions({
      onSuccess: (cancelled) => {
        queryClient.setQueryData(trpc.run.get.queryKey({ id: run.id }), cancelled);
      },
    }),
    { failure: 'The run was not cancelled.' },
  );
  const trigger = useTriggerSync();
  const running = isRunning(run.status);
  return (
    <>
      {running ? (
        <Button
          loading={cancel.isPending}
          disabledReason={denied ?? (run.cancelRequestedAt ? 'The run is stopping.' : null)}
          onClick={() => cancel.mutate({ id: run.id })}
        >
          <CircleStop />
          {run.cancelRequestedAt ? 'Stopping…' : 'Cancel'}
        </Button>
      ) : (
        <Button
          variant="primary"
          loading={trigger.isPending}
          disabledReason={denied}
          onClick={() => trigger.run({ id: run.syncId })}
        >
          <Play />
          {run.status === 'failed' || run.status === 'warning' ? 'Retry' : 'Run again'}
        </Button>
      )}
      <Menu
        label="More actions for the run"
        trigger={
          <IconButton label="More actions" variant="secondary">
            <Ellipsis />
          </IconButton>
        }
      >
        <MenuLink href={paths.syncs.detail(run.syncId)} icon={<ArrowRight />}>
          Open the sync
        </MenuLink>
        <MenuItem
          icon={<Undo2 />}
          disabledReason={whyNot('sync.write') ?? whyNot('run.rows') ?? notRevertible(run)}
          onSelect={() => setReverting(true)}
        >
          Revert this run…
        </MenuItem>
        <MenuItem icon={<RotateCw />} disabledReason={denied} onSelect={() => setResyncing(true)}>
          Full resync…
        </MenuItem>
        <MenuSeparator />
        <CopyIdItem id={run.id} />
      </Menu>
      {reverting && <RevertSheet run={run} onClose={() => setReverting(false)} />}
      <ConfirmDialog
        open={resyncing}
        onOpenChange={setResyncing}
        title={`Full resync of ${run.syncSlug}?`}
        action="Start full resync"
        tone="primary"
        onConfirm={() => {
          setResyncing(false);
          trigger.run({ id: run.syncId, resync: 'full' });
        }}
      >
        All rows of the model are sent again as added. Rows that left the model since the last run are not
        removed. In the mode Insert, records may be created twice.
      </ConfirmDialog>
    </>
  );
}

/** Why there is nothing to take back; `null` when there is. */
function notRevertible(run: RunView): string | null {
  if (isRunning(run.status)) return 'The run goes on.';
  return sumCounts(run.counts.delivered) === 0 ? 'The run delivered nothing.' : null;
}
