'use client';

import { toast } from '@sluice/ui/Toast';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { NewConnection } from '#features/connector/NewConnection.tsx';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { useTRPC } from '#trpc/client.ts';

/** Second step of connecting a source: its settings, tested before or after they are saved. */
export function NewSourceForm({ type }: { type: string }) {
  const trpc = useTRPC();
  const router = useRouter();
  const queryClient = useQueryClient();
  const { paths, whyNot } = useWorkspace();
  const connectors = useQuery(trpc.connector.sources.queryOptions());
  const check = useMutation(trpc.source.check.mutationOptions());
  const create = useMutation(
    trpc.source.create.mutationOptions({
      onSuccess: async (created) => {
        toast.success({ title: `Connected ${created.name}.` });
        await queryClient.invalidateQueries({ queryKey: trpc.source.list.queryKey() });
        router.push(paths.sources.detail(created.id));
      },
    }),
  );
  return (
    <NewConnection
      noun="source"
      type={type}
      kindsHref={paths.sources.new}
      connectors={connectors}
      readOnlyReason={whyNot('source.write')}
      check={{ ...check, mutate: (input) => check.mutate({ type, ...input }) }}
      save={{ ...create, mutate: (input) => create.mutate({ type, ...input }) }}
    />
  );
}
