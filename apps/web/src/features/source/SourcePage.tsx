'use client';

import { ButtonLink } from '@sluice/ui/Button';
import { DataTable } from '@sluice/ui/DataTable';
import { EmptyState } from '@sluice/ui/EmptyState';
import { MenuItem } from '@sluice/ui/Menu';
import { toast } from '@sluice/ui/Toast';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { DatabaseZap, Plus, Table2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { ConnectionForm } from '#features/connector/ConnectionForm.tsx';
import { ConnectionPage } from '#features/connector/ConnectionPage.tsx';
import { DbtProjects } from '#features/dbt/DbtProjects.tsx';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { useTRPC } from '#trpc/client.ts';
import { RemovePlannerTablesDialog } from './RemovePlannerTablesDialog.tsx';
import { RemoveSourceDialog } from './RemoveSourceDialog.tsx';

/** A source: its configuration, and the models that read from it. */
export function SourcePage({ id }: { id: number }) {
  const trpc = useTRPC();
  const router = useRouter();
  const queryClient = useQueryClient();
  const { paths, whyNot } = useWorkspace();
  const [removing, setRemoving] = useState(false);
  const [tidying, setTidying] = useState(false);
  const [version, setVersion] = useState(0);
  const source = useQuery(trpc.source.get.queryOptions({ id }));
  const connectors = useQuery(trpc.connector.sources.queryOptions());
  const refresh = () =>
    Promise.all([
      queryClient.invalidateQueries({ queryKey: trpc.source.get.queryKey({ id }) }),
      queryClient.invalidateQueries({ queryKey: trpc.source.list.queryKey() }),
    ]);
  const check = useMutation(trpc.source.check.mutationOptions({ onSuccess: refresh }));
  const update = useMutation(
    trpc.source.update.mutationOptions({
      onSuccess: async (saved) => {
        toast.success({ title: `Saved ${saved.name}.` });
        await refresh();
        setVersion((before) => before + 1);
      },
    }),
  );
  const connector = connectors.data?.find(({ slug }) => slug === source.data?.type);
  const saved = source.data;
  return (
    <ConnectionPage
      noun="source"
      connection={saved}
      error={source.error ?? connectors.error}
      onRetry={() => void Promise.all([source.refetch(), connectors.refetch()])}
      connectors={connectors.data}
      href={paths.sources.detail(id)}
      writeDisabled={whyNot('source.write')}
      onRemove={() => setRemoving(true)}
      menu={
        saved?.plannerTables && (
          <MenuItem
            icon={<DatabaseZap />}
            disabledReason={whyNot('source.write')}
            onSelect={() => setTidying(true)}
          >
            Remove planner tables…
          </MenuItem>
        )
      }
      action={
        whyNot('model.write') === null && (
          <ButtonLink href={paths.models.newFrom(id)}>
            <Plus />
            Create a model
          </ButtonLink>
        )
      }
      usedBy={{
        label: 'Models',
        count: saved?.models.length ?? 0,
        content: (
          <div className="flex flex-col gap-8">
            {saved?.models.length === 0 ? (
              <EmptyState
                icon={<Table2 />}
                title="Create a model on this source"
                action={
                  whyNot('model.write') === null && (
                    <ButtonLink variant="primary" href={paths.models.newFrom(id)}>
                      <Plus />
                      Create a model
                    </ButtonLink>
                  )
                }
              >
                A model is a query or a table whose rows syncs send on.
              </EmptyState>
            ) : (
              <DataTable
                label="Models of this source"
                rows={saved?.models}
                rowKey={(model) => model.id}
                rowHref={(model) => paths.models.detail(model.id)}
                columns={[
                  { id: 'name', header: 'Model', grow: true, cell: (model) => model.name },
                  { id: 'id', header: 'ID', align: 'end', cell: (model) => model.id },
                ]}
              />
            )}
            <DbtProjects sourceId={id} />
          </div>
        ),
      }}
    >
      {connector && saved && (
        <ConnectionForm
          key={version}
          connector={connector}
          saved={saved}
          saveLabel="Save changes"
          readOnlyReason={whyNot('source.write')}
          check={{ ...check, mutate: (input) => check.mutate({ id, type: saved.type, ...input }) }}
          save={{ ...update, mutate: (input) => update.mutate({ id, ...input }) }}
        />
      )}
      {tidying && saved && <RemovePlannerTablesDialog source={saved} onClose={() => setTidying(false)} />}
      {removing && saved && (
        <RemoveSourceDialog
          source={saved}
          onClose={() => setRemoving(false)}
          onRemoved={() => router.push(paths.sources.list)}
        />
      )}
    </ConnectionPage>
  );
}
