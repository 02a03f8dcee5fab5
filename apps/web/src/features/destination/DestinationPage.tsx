'use client';

import { ButtonLink } from '@sluice/ui/Button';
import { DataTable } from '@sluice/ui/DataTable';
import { EmptyState } from '@sluice/ui/EmptyState';
import { toast } from '@sluice/ui/Toast';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Plus, RefreshCw } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { ConnectionForm } from '#features/connector/ConnectionForm.tsx';
import { ConnectionPage } from '#features/connector/ConnectionPage.tsx';
import { EffectDialog } from '#features/effect/EffectDialog.tsx';
import { useEffectQuestion } from '#features/effect/use-effect-question.ts';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { useTRPC, useTRPCClient } from '#trpc/client.ts';
import { RemoveDestinationDialog } from './RemoveDestinationDialog.tsx';

interface Edit {
  name: string;
  configuration: Record<string, unknown>;
}

/** A destination: its configuration, and the syncs that write to it. */
export function DestinationPage({ id }: { id: number }) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const router = useRouter();
  const queryClient = useQueryClient();
  const { paths, whyNot } = useWorkspace();
  const [removing, setRemoving] = useState(false);
  const [version, setVersion] = useState(0);
  const destination = useQuery(trpc.destination.get.queryOptions({ id }));
  const connectors = useQuery(trpc.connector.destinations.queryOptions());
  const refresh = () =>
    Promise.all([
      queryClient.invalidateQueries({ queryKey: trpc.destination.get.queryKey({ id }) }),
      queryClient.invalidateQueries({ queryKey: trpc.destination.list.queryKey() }),
    ]);
  const check = useMutation(trpc.destination.check.mutationOptions({ onSuccess: refresh }));
  const update = useMutation(
    trpc.destination.update.mutationOptions({
      onSuccess: async (saved) => {
        question.close();
        toast.success({ title: `Saved ${saved.name}.` });
        await refresh();
        setVersion((before) => before + 1);
      },
    }),
  );
  const [edit, setEdit] = useState<Edit | null>(null);
  const question = useEffectQuestion();
  const save = async (input: Edit) => {
    setEdit(input);
    const find = async () =>
      (await client.destination.effectOf.mutate({ id, configuration: input.configuration })).syncs;
    if (await question.ask(find)) update.mutate({ id, ...input });
  };
  const connector = connectors.data?.find(({ slug }) => slug === destination.data?.type);
  const saved = destination.data;
  const mayCreate = whyNot('sync.write') === null;
  return (
    <ConnectionPage
      noun="destination"
      connection={saved}
      error={destination.error ?? connectors.error}
      onRetry={() => void Promise.all([destination.refetch(), connectors.refetch()])}
      connectors={connectors.data}
      href={paths.destinations.detail(id)}
      writeDisabled={whyNot('destination.write')}
      onRemove={() => setRemoving(true)}
      action={
        mayCreate && (
          <ButtonLink href={paths.syncs.newFrom({ destinationId: id })}>
            <Plus />
            Create a sync
          </ButtonLink>
        )
      }
      usedBy={{
        label: 'Syncs',
        count: saved?.syncs.length ?? 0,
        content:
          saved?.syncs.length === 0 ? (
            <EmptyState
              icon={<RefreshCw />}
              title="Create a sync to this destination"
              action={
                mayCreate && (
                  <ButtonLink variant="primary" href={paths.syncs.newFrom({ destinationId: id })}>
                    <Plus />
                    Create a sync
                  </ButtonLink>
                )
              }
            >
              A sync sends the rows of one model here, and keeps them up to date.
            </EmptyState>
          ) : (
            <DataTable
              label="Syncs to this destination"
              rows={saved?.syncs}
              rowKey={(sync) => sync.id}
              rowHref={(sync) => paths.syncs.detail(sync.id)}
              columns={[
                { id: 'slug', header: 'Sync', grow: true, cell: (sync) => sync.slug },
                { id: 'model', header: 'Model', cell: (sync) => sync.modelName },
                { id: 'id', header: 'ID', align: 'end', hideBelow: 'sm', cell: (sync) => sync.id },
              ]}
            />
          ),
      }}
    >
      {connector && saved && (
        <ConnectionForm
          key={version}
          connector={connector}
          saved={saved}
          saveLabel="Save changes"
          readOnlyReason={whyNot('destination.write')}
          check={{ ...check, mutate: (input) => check.mutate({ id, type: saved.type, ...input }) }}
          save={{
            ...update,
            error: question.syncs ? null : (update.error ?? question.error),
            isPending: update.isPending || question.asking,
            mutate: (input) => void save(input),
          }}
        />
      )}
      {question.syncs && edit && (
        <EffectDialog
          title="The destination leads elsewhere now"
          syncs={question.syncs}
          namesSyncs
          saving={update.isPending}
          error={update.error}
          onSave={(rollout) => update.mutate({ id, ...edit, ...(rollout && { rollout }) })}
          onClose={question.close}
        />
      )}
      {removing && saved && (
        <RemoveDestinationDialog
          destination={saved}
          onClose={() => setRemoving(false)}
          onRemoved={() => router.push(paths.destinations.list)}
        />
      )}
    </ConnectionPage>
  );
}
