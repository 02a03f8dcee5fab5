'use client';

import type { ModelView } from '@sluice/domain/model';
import { Callout } from '@sluice/ui/Callout';
import { ConfirmDialog } from '@sluice/ui/ConfirmDialog';
import { TextLink } from '@sluice/ui/TextLink';
import { useMutation } from '@tanstack/react-query';
import { type RemovalEnds, useRemoved } from '#features/list/use-removed.ts';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { useTRPC } from '#trpc/client.ts';
import { ErrorCallout } from '#trpc/ErrorCallout.tsx';

/** Removes a model that no sync uses; names the syncs otherwise. */
export function RemoveModelDialog({ model, onClose, onRemoved }: { model: ModelView } & RemovalEnds) {
  const trpc = useTRPC();
  const { paths } = useWorkspace();
  const remove = useMutation(
    trpc.model.remove.mutationOptions(
      useRemoved(model.name, [trpc.model.list.queryKey()], { onClose, onRemoved }),
    ),
  );
  const inUse = model.syncs.length > 0;
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Remove ${model.name}?`}
      action={inUse ? 'Close' : 'Remove model'}
      tone={inUse ? 'primary' : 'danger'}
      loading={remove.isPending}
      error={remove.error != null && <ErrorCallout error={remove.error} />}
      onConfirm={inUse ? onClose : () => remove.mutate({ id: model.id })}
    >
      {inUse ? (
        <Callout tone="caution" title="Syncs send the rows of this model.">
          <p>Remove them first:</p>
          <ul className="mt-1 list-disc pl-4">
            {model.syncs.map((sync) => (
              <li key={sync.id}>
                <TextLink href={paths.syncs.detail(sync.id)}>{sync.slug}</TextLink>
              </li>
            ))}
          </ul>
        </Callout>
      ) : (
        <p>The query is deleted. Nothing changes in the source.</p>
      )}
    </ConfirmDialog>
  );
}
