'use client';

import type { SyncView } from '@sluice/domain/sync';
import { ConfirmDialog } from '@sluice/ui/ConfirmDialog';
import { toast } from '@sluice/ui/Toast';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTRPC } from '#trpc/client.ts';
import { ErrorCallout } from '#trpc/ErrorCallout.tsx';

const number = new Intl.NumberFormat('en');

/** Removes a sync and its history. What it delivered stays at the destination, so its slug has to be typed. */
export function RemoveSyncDialog({
  sync,
  onClose,
  onRemoved,
}: {
  sync: SyncView;
  onClose: () => void;
  onRemoved?: () => void;
}) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const remove = useMutation(
    trpc.sync.remove.mutationOptions({
      onSuccess: async () => {
        onClose();
        onRemoved?.();
        toast.success({ title: `Removed ${sync.slug}.` });
        await Promise.all([
          queryClient.invalidateQueries({ queryKey: trpc.sync.list.queryKey() }),
          queryClient.invalidateQueries({ queryKey: trpc.run.list.pathKey() }),
        ]);
      },
    }),
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
