'use client';

import type { DestinationView } from '@sluice/domain/connection';
import { toast } from '@sluice/ui/Toast';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { RemoveConnectionDialog } from '#features/connector/RemoveConnectionDialog.tsx';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { useTRPC } from '#trpc/client.ts';

/** Removes a destination that no sync uses. */
export function RemoveDestinationDialog({
  destination,
  onClose,
  onRemoved,
}: {
  destination: DestinationView;
  onClose: () => void;
  onRemoved?: () => void;
}) {
  const trpc = useTRPC();
  const { paths } = useWorkspace();
  const queryClient = useQueryClient();
  const remove = useMutation(
    trpc.destination.remove.mutationOptions({
      onSuccess: async () => {
        onClose();
        onRemoved?.();
        toast.success({ title: `Removed ${destination.name}.` });
        await queryClient.invalidateQueries({ queryKey: trpc.destination.list.queryKey() });
      },
    }),
  );
  return (
    <RemoveConnectionDialog
      noun="destination"
      connection={destination}
      usersNoun="the syncs"
      users={destination.syncs.map((sync) => ({
        label: sync.slug,
        href: paths.syncs.detail(sync.id),
      }))}
      remove={{ ...remove, mutate: () => remove.mutate({ id: destination.id }) }}
      onClose={onClose}
    />
  );
}
