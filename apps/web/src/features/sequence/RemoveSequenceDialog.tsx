'use client';

import type { SequenceView } from '@sluice/domain/sequence';
import { ConfirmDialog } from '@sluice/ui/ConfirmDialog';
import { toast } from '@sluice/ui/Toast';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTRPC } from '#trpc/client.ts';
import { ErrorCallout } from '#trpc/ErrorCallout.tsx';

/** Removes a sequence and the history of its runs; its syncs stay. */
export function RemoveSequenceDialog({
  sequence,
  onClose,
  onRemoved,
}: {
  sequence: SequenceView;
  onClose: () => void;
  onRemoved?: () => void;
}) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const remove = useMutation(
    trpc.sequence.remove.mutationOptions({
      onSuccess: async () => {
        onClose();
        onRemoved?.();
        toast.success({ title: `Removed ${sequence.name}.` });
        await queryClient.invalidateQueries({ queryKey: trpc.sequence.list.queryKey() });
      },
    }),
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
