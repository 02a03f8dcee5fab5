'use client';

import { toast } from '@sluice/ui/Toast';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { NewConnection } from '#features/connector/NewConnection.tsx';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { useTRPC } from '#trpc/client.ts';

/** Second step of connecting a destination: its settings, tested before or after they are saved. */
export function NewDestinationForm({ type }: { type: string }) {
  const trpc = useTRPC();
  const router = useRouter();
  const queryClient = useQueryClient();
  const { paths, whyNot } = useWorkspace();
  const connectors = useQuery(trpc.connector.destinations.queryOptions());
  const check = useMutation(trpc.destination.check.mutationOptions());
  const create = useMutation(
    trpc.destination.create.mutationOptions({
      onSuccess: async (created) => {
        toast.success({ title: `Connected ${created.name}.` });
        await queryClient.invalidateQueries({ queryKey: trpc.destination.list.queryKey() });
        router.push(paths.destinations.detail(created.id));
      },
    }),
  );
  return (
    <NewConnection
      noun="destination"
      type={type}
      kindsHref={paths.destinations.new}
      connectors={connectors}
      readOnlyReason={whyNot('destination.write')}
      check={{ ...check, mutate: (input) => check.mutate({ type, ...input }) }}
      save={{ ...create, mutate: (input) => create.mutate({ type, ...input }) }}
    />
  );
}
