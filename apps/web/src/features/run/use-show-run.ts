'use client';

import type { RunView } from '@sluice/domain/run';
import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { useTRPC } from '#trpc/client.ts';

/** Goes to the page of a run that was just started, and has lists read it. */
export function useShowRun(): (run: RunView) => Promise<void> {
  const trpc = useTRPC();
  const router = useRouter();
  const queryClient = useQueryClient();
  const { paths } = useWorkspace();
  return async (run) => {
    router.push(paths.runs.detail(run.id));
    await Promise.all([
      queryClient.invalidateQueries({ queryKey: trpc.run.list.pathKey() }),
      queryClient.invalidateQueries({ queryKey: trpc.sync.pathKey() }),
    ]);
  };
}
