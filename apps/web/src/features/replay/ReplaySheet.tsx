'use client';

import type { ReplayRun } from '@sluice/domain/run-selection';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useShowRun } from '#features/run/use-show-run.ts';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { useTRPC, useTRPCClient } from '#trpc/client.ts';
import { AskedRunSheet } from './AskedRunSheet.tsx';

/** What sending rows of a run again would do, and the button that does it. */
export function ReplaySheet({
  input,
  title,
  onClose,
  onStarted,
}: {
  input: ReplayRun;
  title: string;
  onClose: () => void;
  onStarted?: () => void;
}) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const showRun = useShowRun();
  const { whyNot } = useWorkspace();
  const preview = useQuery({
    queryKey: [...trpc.run.previewReplay.mutationKey(), input],
    queryFn: ({ signal }) => client.run.previewReplay.mutate(input, { signal }),
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  const replay = useMutation(
    trpc.run.replay.mutationOptions({
      onSuccess: async (run) => {
        onStarted?.();
        onClose();
        await showRun(run);
      },
    }),
  );
  return (
    <AskedRunSheet
      title={title}
      description="Sent now, as a run of its own, with the configuration of the sync as it is today."
      preview={{
        data: preview.data,
        running: preview.isFetching,
        error: preview.error,
        retry: () => void preview.refetch(),
      }}
      readsModel={false}
      action="Replay"
      starting={replay.isPending}
      startError={replay.error}
      disabledReason={whyNot('sync.trigger')}
      onStart={(ignoreGuards) => replay.mutate({ ...input, ignoreGuards })}
      onClose={onClose}
    />
  );
}
