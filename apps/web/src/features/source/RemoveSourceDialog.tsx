'use client';

import type { SourceView } from '@sluice/domain/connection';
import { toast } from '@sluice/ui/Toast';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { RemoveConnectionDialog } from '#features/connector/RemoveConnectionDialog.tsx';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { useTRPC } from '#trpc/client.ts';

/** Removes a source that no model uses. */
export function RemoveSourceDialog({
  source,
  onClose,
  onRemoved,
}: {
  source: SourceView;
  onClose: () => void;
  onRemoved?: () => void;
}) {
  const trpc = useTRPC();
  const { paths } = useWorkspace();
  const queryClient = useQueryClient();
  const remove = useMutation(
    trpc.source.remove.mutationOptions({
      onSuccess: async () => {
        onClose();
        onRemoved?.();
        toast.success({ title: `Removed ${source.name}.` });
        await queryClient.invalidateQueries({ queryKey: trpc.source.list.queryKey() });
      },
    }),
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
