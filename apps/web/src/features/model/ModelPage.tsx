'use client';

import { ButtonLink, IconButton } from '@sluice/ui/Button';
import { DataTable } from '@sluice/ui/DataTable';
import { EmptyState } from '@sluice/ui/EmptyState';
import { Menu, MenuItem, MenuSeparator } from '@sluice/ui/Menu';
import { Page } from '@sluice/ui/Page';
import { SkeletonLines } from '@sluice/ui/Skeleton';
import { TabNav } from '@sluice/ui/TabNav';
import { TextLink } from '@sluice/ui/TextLink';
import { useQuery } from '@tanstack/react-query';
import { Ellipsis, Plus, RefreshCw, Trash2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { parseAsStringLiteral, useQueryState } from 'nuqs';
import { useState } from 'react';
import { CopyIdItem } from '#features/list/RowMenu.tsx';
import { RunStatusBadge } from '#features/run/RunStatusBadge.tsx';
import { PageTitle } from '#shell/PageTitle.tsx';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { useTRPC } from '#trpc/client.ts';
import { ErrorCallout } from '#trpc/ErrorCallout.tsx';
import { FollowsDbt } from './FollowsDbt.tsx';
import { ModelEditor } from './ModelEditor.tsx';
import { RemoveModelDialog } from './RemoveModelDialog.tsx';

/** A model: its query with preview, and the syncs that send its rows. */
export function ModelPage({ id }: { id: number }) {
  const trpc = useTRPC();
  const router = useRouter();
  const { paths, whyNot } = useWorkspace();
  const [tab] = useQueryState('tab', parseAsStringLiteral(['query', 'syncs']).withDefault('query'));
  const [removing, setRemoving] = useState(false);
  const query = useQuery(trpc.model.get.queryOptions({ id }));
  const model = query.data;
  if (!model) {
    return (
      <Page title="Model">
        <PageTitle parts={['Model']} />
        {query.error ? (
          <ErrorCallout
            error={query.error}
            title="The model could not be loaded."
            onRetry={() => void query.refetch()}
          />
        ) : (
          <SkeletonLines lines={8} />
        )}
      </Page>
    );
  }
  const href = paths.models.detail(id);
  const createSync = whyNot('sync.write') === null && (
    <ButtonLink variant="primary" href={paths.syncs.newFrom({ modelId: id })}>
      <Plus />
      Create a sync
    </ButtonLink>
  );
  return (
    <Page
      title={model.name}
      description={
        <>
          {model.description && <p>{model.description}</p>}
          <p>
            On <TextLink href={paths.sources.detail(model.sourceId)}>{model.sourceName}</TextLink>, rows
            identified by <code className="font-mono text-ink text-xs">{model.primaryKey}</code>, slug{' '}
            <code className="font-mono text-ink text-xs">{model.slug}</code>
          </p>
        </>
      }
      actions={
        <>
          {createSync}
          <Menu
            label={`Actions for ${model.name}`}
            trigger={
              <IconButton label="More actions" variant="secondary">
                <Ellipsis />
              </IconButton>
            }
          >
            <CopyIdItem id={model.id} />
            <MenuSeparator />
            <MenuItem
              icon={<Trash2 />}
              tone="danger"
              disabledReason={whyNot('model.write')}
              onSelect={() => setRemoving(true)}
            >
              Remove…
            </MenuItem>
          </Menu>
        </>
      }
      tabs={
        <TabNav
          label="Parts of the model"
          tabs={[
            { href, label: 'Query', current: tab === 'query' },
            {
              href: `${href}?tab=syncs`,
              label: 'Syncs',
              count: model.syncs.length,
              current: tab === 'syncs',
            },
          ]}
        />
      }
    >
      <PageTitle parts={[model.name, 'Models']} />
      {model.dbt && <FollowsDbt node={model.dbt} sourceId={model.sourceId} />}
      {tab === 'query' && <ModelEditor key={model.id} model={model} />}
      {tab === 'syncs' &&
        (model.syncs.length === 0 ? (
          <EmptyState icon={<RefreshCw />} title="Create a sync of this model" action={createSync}>
            A sync sends the rows of the model to a destination, and keeps them up to date there.
          </EmptyState>
        ) : (
          <DataTable
            label="Syncs of this model"
            rows={model.syncs}
            rowKey={(sync) => sync.id}
            rowHref={(sync) => paths.syncs.detail(sync.id)}
            columns={[
              { id: 'slug', header: 'Sync', grow: true, cell: (sync) => sync.slug },
              { id: 'destination', header: 'Destination', cell: (sync) => sync.destinationName },
              { id: 'status', header: 'Status', cell: (sync) => <RunStatusBadge status={sync.status} /> },
            ]}
          />
        ))}
      {removing && (
        <RemoveModelDialog
          model={model}
          onClose={() => setRemoving(false)}
          onRemoved={() => router.push(paths.models.list)}
        />
      )}
    </Page>
  );
}
