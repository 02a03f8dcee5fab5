'use client';

import type { ModelView } from '@sluice/domain/model';
import { ButtonLink } from '@sluice/ui/Button';
import { DataTable, type TableColumn } from '@sluice/ui/DataTable';
import { EmptyState } from '@sluice/ui/EmptyState';
import { MenuItem, MenuLink } from '@sluice/ui/Menu';
import { Page } from '@sluice/ui/Page';
import { SearchInput } from '@sluice/ui/SearchInput';
import { Time } from '@sluice/ui/Time';
import { Toolbar } from '@sluice/ui/Toolbar';
import { useQuery } from '@tanstack/react-query';
import { ArrowRight, Database, Plus, Table2, Trash2 } from 'lucide-react';
import { useQueryState } from 'nuqs';
import { useState } from 'react';
import { ConnectionName } from '#features/connector/ConnectionName.tsx';
import { ListFrame, NothingFound } from '#features/list/ListFrame.tsx';
import { RowMenu } from '#features/list/RowMenu.tsx';
import { PageTitle } from '#shell/PageTitle.tsx';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { useTRPC } from '#trpc/client.ts';
import { RemoveModelDialog } from './RemoveModelDialog.tsx';

const number = new Intl.NumberFormat('en');

/** The models of the workspace. */
export function ModelList() {
  const trpc = useTRPC();
  const { paths, whyNot } = useWorkspace();
  const [search, setSearch] = useQueryState('q', { defaultValue: '' });
  const [removing, setRemoving] = useState<ModelView | null>(null);
  const models = useQuery(trpc.model.list.queryOptions());
  const sources = useQuery(trpc.source.list.queryOptions());
  const connectors = useQuery(trpc.connector.sources.queryOptions());
  const writeDisabled = whyNot('model.write');
  const add =
    writeDisabled === null ? (
      <ButtonLink href={paths.models.new} variant="primary">
        <Plus />
        Create a model
      </ButtonLink>
    ) : null;
  const columns: TableColumn<ModelView>[] = [
    { id: 'name', header: 'Name', grow: true, cell: (model) => model.name },
    {
      id: 'source',
      header: 'Source',
      hideBelow: 'sm',
      cell: (model) => (
        <ConnectionName connectors={connectors.data} type={model.sourceType} name={model.sourceName} />
      ),
    },
    {
      id: 'kind',
      header: 'Query',
      hideBelow: 'lg',
      cell: (model) => <span className="text-muted">{rowsOf(model)}</span>,
    },
    {
      id: 'key',
      header: 'Primary key',
      hideBelow: 'md',
      cell: (model) => <code className="font-mono text-xs">{model.primaryKey}</code>,
    },
    {
      id: 'rows',
      header: 'Rows',
      align: 'end',
      hideBelow: 'md',
      cell: (model) => (model.lastRunSize === null ? '–' : number.format(model.lastRunSize)),
    },
    { id: 'syncs', header: 'Syncs', align: 'end', cell: (model) => model.syncs.length },
    { id: 'updated', header: 'Updated', hideBelow: 'lg', cell: (model) => <Time at={model.updatedAt} /> },
    {
      id: 'actions',
      header: '',
      screenReaderHeader: 'Actions',
      cell: (model) => (
        <RowMenu
          id={model.id}
          label={`Actions for ${model.name}`}
          danger={
            <MenuItem
              icon={<Trash2 />}
              tone="danger"
              disabledReason={writeDisabled}
              onSelect={() => setRemoving(model)}
            >
              Remove…
            </MenuItem>
          }
        >
          <MenuLink href={paths.models.detail(model.id)} icon={<ArrowRight />}>
            Open
          </MenuLink>
          {whyNot('sync.write') === null && (
            <MenuLink href={paths.syncs.newFrom({ modelId: model.id })} icon={<Plus />}>
              Create a sync
            </MenuLink>
          )}
        </RowMenu>
      ),
    },
  ];
  const text = search.trim().toLowerCase();
  const rows = models.data?.filter((model) =>
    `${model.name} ${model.slug} ${model.sourceName} ${model.id}`.toLowerCase().includes(text),
  );
  return (
    <Page
      title="Models"
      description="Queries and tables whose rows are sent."
      actions={models.data?.length ? add : null}
    >
      <PageTitle parts={['Models']} />
      <ListFrame
        error={models.error}
        failure="The models could not be loaded."
        onRetry={() => void models.refetch()}
        isFirstUse={models.data?.length === 0}
        firstUse={
          sources.data?.length === 0 ? (
            <EmptyState
              icon={<Database />}
              title="Connect a source first"
              action={
                whyNot('source.write') === null && (
                  <ButtonLink href={paths.sources.new} variant="primary">
                    Connect a source
                  </ButtonLink>
                )
              }
            >
              A model reads its rows from a source: a database, a warehouse, or the sample data.
            </EmptyState>
          ) : (
            <EmptyState icon={<Table2 />} title="Create your first model" action={add}>
              A model is a SELECT or a table with a primary key. Its rows are what syncs send.
            </EmptyState>
          )
        }
        toolbar={
          <Toolbar>
            <SearchInput
              label="Search models"
              value={search}
              onChange={(next) => void setSearch(next || null)}
            />
          </Toolbar>
        }
      >
        <DataTable
          label="Models"
          columns={columns}
          rows={rows}
          rowKey={(model) => model.id}
          rowHref={(model) => paths.models.detail(model.id)}
          empty={<NothingFound what={`No model matches “${search}”.`} onClear={() => void setSearch(null)} />}
        />
      </ListFrame>
      {removing && <RemoveModelDialog model={removing} onClose={() => setRemoving(null)} />}
    </Page>
  );
}

/** Where the rows come from, in a word. */
function rowsOf({ query, dbt }: ModelView): string {
  if (query.queryType === 'table') return `${query.schema}.${query.table}`;
  return query.queryType === 'dbt' ? `dbt: ${dbt?.name ?? query.uniqueId}` : 'SQL';
}
