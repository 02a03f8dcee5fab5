'use client';

import type { SyncView } from '@sluice/domain/sync';
import { ConfirmDialog } from '@sluice/ui/ConfirmDialog';
import { useMutation } from '@tanstack/react-query';
import { type RemovalEnds, useRemoved } from '#features/list/use-removed.ts';
import { useTRPC } from '#trpc/client.ts';
import { ErrorCallout } from '#trpc/ErrorCallout.tsx';

const number = new Intl.NumberFormat('en');

/** Removes a sync and its history. What it delivered stays at the destination, so its slug has to be typed. */
export function RemoveSyncDialog({ sync, onClose, onRemoved }: { sync: SyncView } & RemovalEnds) {
  const trpc = useTRPC();
  const remove = useMutation(
    trpc.sync.remove.mutationOptions(
      useRemoved(sync.slug, [trpc.sync.list.queryKey(), trpc.run.list.pathKey()], { onClose, onRemoved }),
    ),
  );
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Remove ${sync.slug}?`}
      action="Remove sync"
      typeToConfirm={sync.slug}
      loading={remove.isPending}
      error={remove.error != null && <ErrorCallout error={remove.error} />}
      onConfirm={() => remove.mutate({ id: sync.id })}
    >
      <p>
        Its runs, their logs and the ledger are deleted. The {number.format(sync.ledgerRows)} rows it has
        delivered stay at {sync.destinationName}, and Sluice no longer knows about them: a new sync would send
        all rows again.
      </p>
    </ConfirmDialog>
  );
}
