'use client';

import type { SourceView } from '@sluice/domain/connection';
import { ConfirmDialog } from '@sluice/ui/ConfirmDialog';
import { toast } from '@sluice/ui/Toast';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTRPC } from '#trpc/client.ts';
import { ErrorCallout } from '#trpc/ErrorCallout.tsx';

/** Asks before the tables that the planner made in a source are dropped. */
export function RemovePlannerTablesDialog({ source, onClose }: { source: SourceView; onClose: () => void }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const remove = useMutation(
    trpc.source.removePlannerTables.mutationOptions({
      onSuccess: async ({ removed }) => {
        onClose();
        toast.success({
          title:
            removed === 0
              ? 'There were no planner tables.'
              : `Removed the planner tables of ${syncs(removed)}.`,
        });
        await queryClient.invalidateQueries({ queryKey: trpc.source.get.queryKey({ id: source.id }) });
      },
    }),
  );
  const planning = source.configuration.planner === 'warehouse';
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Remove planner tables from ${source.name}?`}
      action="Remove planner tables"
      loading={remove.isPending}
      error={remove.error != null && <ErrorCallout error={remove.error} />}
      onConfirm={() => remove.mutate({ id: source.id })}
    >
      <p>
        The tables of this source's syncs in the schema <code className="font-mono">sluice_planner</code> are
        dropped. Nothing is sent again for it.
        {planning && ' The next run of each sync reads every row once and writes its tables anew.'}
      </p>
    </ConfirmDialog>
  );
}

const syncs = (count: number): string => (count === 1 ? 'one sync' : `${count} syncs`);
