'use client';

import type { DestinationView } from '@sluice/domain/connection';
import { useMutation } from '@tanstack/react-query';
import { RemoveConnectionDialog } from '#features/connector/RemoveConnectionDialog.tsx';
import { type RemovalEnds, useRemoved } from '#features/list/use-removed.ts';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { useTRPC } from '#trpc/client.ts';

/** Removes a destination that no sync uses. */
export function RemoveDestinationDialog({
  destination,
  onClose,
  onRemoved,
}: { destination: DestinationView } & RemovalEnds) {
  const trpc = useTRPC();
  const { paths } = useWorkspace();
  const remove = useMutation(
    trpc.destination.remove.mutationOptions(
      useRemoved(destination.name, [trpc.destination.list.queryKey()], { onClose, onRemoved }),
    ),
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
