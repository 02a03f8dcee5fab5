'use client';

import type { SequenceView } from '@sluice/domain/sequence';
import { ConfirmDialog } from '@sluice/ui/ConfirmDialog';
import { useMutation } from '@tanstack/react-query';
import { type RemovalEnds, useRemoved } from '#features/list/use-removed.ts';
import { useTRPC } from '#trpc/client.ts';
import { ErrorCallout } from '#trpc/ErrorCallout.tsx';

/** Removes a sequence and the history of its runs; its syncs stay. */
export function RemoveSequenceDialog({
  sequence,
  onClose,
  onRemoved,
}: { sequence: SequenceView } & RemovalEnds) {
  const trpc = useTRPC();
  const remove = useMutation(
    trpc.sequence.remove.mutationOptions(
      useRemoved(sequence.name, [trpc.sequence.list.queryKey()], { onClose, onRemoved }),
    ),
  );
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Remove ${sequence.name}?`}
      action="Remove sequence"
      loading={remove.isPending}
      error={remove.error != null && <ErrorCallout error={remove.error} />}
      onConfirm={() => remove.mutate({ id: sequence.id })}
    >
      <p>
        Its schedule and the list of its runs are deleted. The syncs in it and their own runs stay; one that
        runs now goes on, and no further step starts.
      </p>
    </ConfirmDialog>
  );
}
