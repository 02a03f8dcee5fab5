'use client';

import type { TriggerSync } from '@sluice/domain/sync';
import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import type { z } from 'zod';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { useTRPC } from '#trpc/client.ts';
import { useAction } from '#trpc/use-action.ts';

/** Starts a run of a sync and goes to its page; while one goes on, the one queued behind it is shown. */
export function useTriggerSync(): { run: (input: z.input<typeof TriggerSync>) => void; isPending: boolean } {
  const trpc = useTRPC();
  const router = useRouter();
  const queryClient = useQueryClient();
  const { paths } = useWorkspace();
  const trigger = useAction(
    trpc.sync.trigger.mutationOptions({
      onSuccess: async (run) => {
        router.push(paths.runs.detail(run.id));
        await Promise.all([
          queryClient.invalidateQueries({ queryKey: trpc.run.list.pathKey() }),
          queryClient.invalidateQueries({ queryKey: trpc.sync.pathKey() }),
        ]);
      },
    }),
    { failure: 'The run was not started.' },
  );
  return { run: trigger.mutate, isPending: trigger.isPending };
}
