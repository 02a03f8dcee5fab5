'use client';

import type { SyncView } from '@sluice/domain/sync';
import { Button, IconButton } from '@sluice/ui/Button';
import { ConfirmDialog } from '@sluice/ui/ConfirmDialog';
import { Menu, MenuItem, MenuLink, MenuSeparator } from '@sluice/ui/Menu';
import { Switch } from '@sluice/ui/Switch';
import {
  CirclePause,
  CirclePlay,
  Ellipsis,
  History,
  Pencil,
  Play,
  RotateCcw,
  RotateCw,
  ScanSearch,
  Trash2,
} from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { CopyIdItem } from '#features/list/RowMenu.tsx';
import { BackfillSheet } from '#features/replay/BackfillSheet.tsx';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { useTRPC } from '#trpc/client.ts';
import { useAction } from '#trpc/use-action.ts';
import { useShownAtOnce } from '#trpc/use-shown-at-once.ts';
import { RemoveSyncDialog } from './RemoveSyncDialog.tsx';
import { usePauseSync } from './use-pause-sync.ts';
import { useTriggerSync } from './use-trigger-sync.ts';

type Asking = 'backfill' | 'full' | 'reset' | 'remove' | null;

/** Enable, run, and what is asked about first: full resync, reset, remove. */
export function SyncActions({ sync }: { sync: SyncView }) {
  const trpc = useTRPC();
  const router = useRouter();
  const { paths, whyNot } = useWorkspace();
  const [asking, setAsking] = useState<Asking>(null);
  const trigger = useTriggerSync();
  const { pause, resume } = usePauseSync();
  const shown = useShownAtOnce(sync, {
    view: trpc.sync.get.queryKey({ id: sync.id }),
    all: trpc.sync.pathKey(),
  });
  const toggle = useAction(trpc.sync.update.mutationOptions(shown), { failure: 'The sync was not changed.' });
  const denied = whyNot('sync.trigger') ?? (sync.disabled ? 'Enable the sync first.' : null);
  return (
    <>
      <Switch
        label={sync.disabled ? 'Disabled' : 'Enabled'}
        checked={!sync.disabled}
        disabled={whyNot('sync.write') !== null}
        onChange={(enabled) => toggle.mutate({ id: sync.id, disabled: !enabled })}
      />
      <Button
        variant="primary"
        loading={trigger.isPending}
        disabledReason={denied}
        onClick={() => trigger.run({ id: sync.id })}
      >
        <Play />
        Run
      </Button>
      <Menu
        label={`Actions for ${sync.slug}`}
        trigger={
          <IconButton label="More actions" variant="secondary">
            <Ellipsis />
          </IconButton>
        }
      >
        <MenuLink href={paths.syncs.tab(sync.id, 'configuration')} icon={<Pencil />}>
          Edit
        </MenuLink>
        <MenuItem icon={<History />} disabledReason={denied} onSelect={() => setAsking('backfill')}>
          Backfill…
        </MenuItem>
        <MenuItem icon={<RotateCw />} disabledReason={denied} onSelect={() => setAsking('full')}>
          Full resync…
        </MenuItem>
        <MenuItem icon={<RotateCcw />} disabledReason={denied} onSelect={() => setAsking('reset')}>
          Reset…
        </MenuItem>
        {sync.schedule &&
          (sync.pause ? (
            <MenuItem
              icon={<CirclePlay />}
              disabledReason={whyNot('sync.trigger')}
              onSelect={() => resume.mutate({ id: sync.id })}
            >
              Resume the schedule
            </MenuItem>
          ) : (
            <MenuItem
              icon={<CirclePause />}
              disabledReason={whyNot('sync.trigger')}
              onSelect={() => pause.mutate({ id: sync.id })}
            >
              Pause the schedule
            </MenuItem>
          ))}
        <MenuLink href={paths.rows({ syncId: sync.id })} icon={<ScanSearch />}>
          History of a row
        </MenuLink>
        <CopyIdItem id={sync.id} />
        <MenuSeparator />
        <MenuItem
          icon={<Trash2 />}
          tone="danger"
          disabledReason={whyNot('sync.write')}
          onSelect={() => setAsking('remove')}
        >
          Remove…
        </MenuItem>
      </Menu>
      <ConfirmDialog
        open={asking === 'full'}
        onOpenChange={() => setAsking(null)}
        title={`Full resync of ${sync.slug}?`}
        action="Start full resync"
        tone="primary"
        onConfirm={() => {
          setAsking(null);
          trigger.run({ id: sync.id, resync: 'full' });
        }}
      >
        All rows of the model are sent again as added. Rows that left the model since the last run are not
        removed. In the mode Insert, records may be created twice.
      </ConfirmDialog>
      <ConfirmDialog
        open={asking === 'reset'}
        onOpenChange={() => setAsking(null)}
        title={`Reset ${sync.slug}?`}
        action="Reset"
        onConfirm={() => {
          setAsking(null);
          trigger.run({ id: sync.id, resync: 'reset' });
        }}
      >
        The model is read and taken as delivered, without sending anything. Use it when the destination
        already holds all rows. Changes since the last run, and rejected rows, are never sent.
      </ConfirmDialog>
      {asking === 'backfill' && <BackfillSheet sync={sync} onClose={() => setAsking(null)} />}
      {asking === 'remove' && (
        <RemoveSyncDialog
          sync={sync}
          onClose={() => setAsking(null)}
          onRemoved={() => router.push(paths.syncs.list)}
        />
      )}
    </>
  );
}
