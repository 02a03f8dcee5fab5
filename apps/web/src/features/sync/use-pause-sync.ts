'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useTRPC } from '#trpc/client.ts';
import { useAction } from '#trpc/use-action.ts';

/** Holds the schedule of a sync, or lets it go on. */
export function usePauseSync() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const refresh = () =>
    Promise.all([
      queryClient.invalidateQueries({ queryKey: trpc.sync.pathKey() }),
      queryClient.invalidateQueries({ queryKey: trpc.workspace.pathKey() }),
    ]);
  const pause = useAction(trpc.sync.pause.mutationOptions({ onSuccess: refresh }), {
    success: ({ slug }) => ({ title: `Paused the schedule of ${slug}.` }),
    failure: 'The schedule was not paused.',
  });
  const resume = useAction(trpc.sync.resume.mutationOptions({ onSuccess: refresh }), {
    success: ({ slug }) => ({ title: `The schedule of ${slug} goes on.` }),
    failure: 'The schedule was not resumed.',
  });
  return { pause, resume };
}
