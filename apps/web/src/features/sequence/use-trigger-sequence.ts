'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { useTRPC } from '#trpc/client.ts';
import { useAction } from '#trpc/use-action.ts';

/** Runs a sequence and shows the run; while one goes on, the one that waits behind it. */
export function useTriggerSequence(): { run: (input: { id: string }) => void; isPending: boolean } {
  const trpc = useTRPC();
  const router = useRouter();
  const queryClient = useQueryClient();
  const { paths } = useWorkspace();
  const trigger = useAction(
    trpc.sequence.trigger.mutationOptions({
      onSuccess: async (run) => {
        router.push(paths.sequences.run(run.sequenceId, run.id));
        await queryClient.invalidateQueries({ queryKey: trpc.sequence.pathKey() });
      },
    }),
    { failure: 'The sequence was not started.' },
  );
  return { run: trigger.mutate, isPending: trigger.isPending };
}
