'use client';

import { sumCounts } from '@sluice/domain/change';
import type { RunView } from '@sluice/domain/run';
import { Callout } from '@sluice/ui/Callout';
import { Checkbox } from '@sluice/ui/Checkbox';
import { RadioCards } from '@sluice/ui/RadioCards';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useShowRun } from '#features/run/use-show-run.ts';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { useTRPC, useTRPCClient } from '#trpc/client.ts';
import { AskedRunSheet } from './AskedRunSheet.tsx';

/** What taking back a run would do, and the button that does it. */
export function RevertSheet({ run, onClose }: { run: RunView; onClose: () => void }) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const showRun = useShowRun();
  const { whyNot } = useWorkspace();
  const [added, setAdded] = useState<'delete' | 'keep'>('delete');
  const [holds, setHolds] = useState(true);
  const input = { runId: run.id, added, ignoreGuards: false };
  const sync = useQuery(trpc.sync.get.queryOptions({ id: run.syncId }));
  const scheduled = sync.data?.schedule != null && !sync.data.disabled && sync.data.pause?.kind !== 'person';
  const preview = useQuery({
    queryKey: [...trpc.run.previewRevert.mutationKey(), input],
    queryFn: ({ signal }) => client.run.previewRevert.mutate(input, { signal }),
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  const pause = useMutation(trpc.sync.pause.mutationOptions());
  const revert = useMutation(
    trpc.run.revert.mutationOptions({
      onSuccess: async (started) => {
        onClose();
        await showRun(started);
      },
    }),
  );
  const start = async (ignoreGuards: boolean) => {
    // First the schedule: otherwise it could send the rows again before anybody looks.
    if (scheduled && holds) await pause.mutateAsync({ id: run.syncId });
    revert.mutate({ ...input, ignoreGuards });
  };
  return (
    <AskedRunSheet
      title={`Revert run ${run.id}`}
      description={`Sends ${run.destinationName} back the values that the run replaced.`}
      options={
        <>
          <Callout tone="caution" title="The next run would send these rows again">
            The model still holds the values that are taken back. Correct the model, or leave the sync paused,
            before it runs again.
          </Callout>
          {sumCounts(run.counts.delivered) > 0 && run.counts.delivered.added > 0 && (
            <RadioCards
              label="Rows that the run added"
              value={added}
              onChange={setAdded}
              columns={2}
              cards={[
                {
                  value: 'delete',
                  title: 'Remove added records',
                  description: 'What the run created is deleted, where the destination can.',
                },
                {
                  value: 'keep',
                  title: 'Keep added records',
                  description: 'Only changed and removed rows get their old values back.',
                },
              ]}
            />
          )}
          {scheduled && (
            <Checkbox
              checked={holds}
              onChange={setHolds}
              label="Pause the schedule of the sync first"
              help="Somebody resumes it when the model is right again."
            />
          )}
        </>
      }
      preview={{
        data: preview.data,
        running: preview.isFetching,
        error: preview.error,
        retry: () => void preview.refetch(),
      }}
      readsModel={false}
      action="Revert the run"
      starting={revert.isPending || pause.isPending}
      startError={revert.error ?? pause.error}
      disabledReason={whyNot('sync.write')}
      onStart={(ignoreGuards) => void start(ignoreGuards).catch(() => undefined)}
      onClose={onClose}
    />
  );
}
