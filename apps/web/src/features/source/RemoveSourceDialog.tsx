'use client';

import type { SourceView } from '@sluice/domain/connection';
import { useMutation } from '@tanstack/react-query';
import { RemoveConnectionDialog } from '#features/connector/RemoveConnectionDialog.tsx';
import { type RemovalEnds, useRemoved } from '#features/list/use-removed.ts';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { useTRPC } from '#trpc/client.ts';

/** Removes a source that no model uses. */
export function RemoveSourceDialog({ source, onClose, onRemoved }: { source: SourceView } & RemovalEnds) {
  const trpc = useTRPC();
  const { paths } = useWorkspace();
  const remove = useMutation(
    trpc.source.remove.mutationOptions(
      useRemoved(source.name, [trpc.source.list.queryKey()], { onClose, onRemoved }),
    ),
  );
  return (
    <RemoveConnectionDialog
      noun="source"
      connection={source}
      usersNoun="the models"
      users={source.models.map((model) => ({
        label: model.name,
        href: paths.models.detail(model.id),
      }))}
      remove={{ ...remove, mutate: () => remove.mutate({ id: source.id }) }}
      onClose={onClose}
    />
  );
}
