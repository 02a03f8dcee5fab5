'use client';

import type { ConnectionView } from '@sluice/domain/connection';
import type { ConnectorView } from '@sluice/domain/connector';
import { ButtonLink } from '@sluice/ui/Button';
import { DataTable, type TableColumn } from '@sluice/ui/DataTable';
import { EmptyState } from '@sluice/ui/EmptyState';
import { MenuItem, MenuLink } from '@sluice/ui/Menu';
import { Page } from '@sluice/ui/Page';
import { SearchInput } from '@sluice/ui/SearchInput';
import { Time } from '@sluice/ui/Time';
import { Toolbar } from '@sluice/ui/Toolbar';
import { ArrowRight, Plus, Trash2 } from 'lucide-react';
import { useQueryState } from 'nuqs';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { ListFrame, NothingFound } from '#features/list/ListFrame.tsx';
import { RowMenu } from '#features/list/RowMenu.tsx';
import { CheckBadge } from './CheckBadge.tsx';
import { ConnectionName } from './ConnectionName.tsx';

interface ListQuery<Row> {
  data: readonly Row[] | undefined;
  error: unknown;
  refetch: () => unknown;
}

/** The list of sources or of destinations: the same table, other words. */
export function ConnectionList<Row extends ConnectionView>({
  noun,
  title,
  description,
  query,
  connectors,
  paths,
  usedBy,
  emptyState,
  writeDisabled,
  removeDialog,
}: {
  noun: 'source' | 'destination';
  title: string;
  description: string;
  query: ListQuery<Row>;
  connectors: readonly ConnectorView[] | undefined;
  paths: { new: string; detail: (id: number) => string };
  usedBy: { header: string; count: (row: Row) => number };
  emptyState: { icon: ReactNode; title: string; text: ReactNode; action: string };
  writeDisabled: string | null;
  removeDialog: (row: Row, onClose: () => void) => ReactNode;
}) {
  const [search, setSearch] = useQueryState('q', { defaultValue: '' });
  const [removing, setRemoving] = useState<Row | null>(null);
  const rows = query.data
    ?.filter((row) => matches(row, connectors, search))
    .sort((one, other) => one.name.localeCompare(other.name, 'en'));
  const columns: TableColumn<Row>[] = [
    {
      id: 'name',
      header: 'Name',
      grow: true,
      cell: (row) => <ConnectionName connectors={connectors} type={row.type} name={row.name} />,
    },
    {
      id: 'type',
      header: 'Type',
      hideBelow: 'md',
      cell: (row) => <span className="text-muted">{connectorName(connectors, row.type)}</span>,
    },
    { id: 'check', header: 'Connection', cell: (row) => <CheckBadge lastCheck={row.lastCheck} /> },
    { id: 'used', header: usedBy.header, align: 'end', hideBelow: 'sm', cell: (row) => usedBy.count(row) },
    { id: 'updated', header: 'Updated', hideBelow: 'lg', cell: (row) => <Time at={row.updatedAt} /> },
    {
      id: 'actions',
      header: '',
      screenReaderHeader: 'Actions',
      cell: (row) => (
        <RowMenu
          id={row.id}
          label={`Actions for ${row.name}`}
          danger={
            <MenuItem
              icon={<Trash2 />}
              tone="danger"
              disabledReason={writeDisabled}
              onSelect={() => setRemoving(row)}
            >
              Remove…
            </MenuItem>
          }
        >
          <MenuLink href={paths.detail(row.id)} icon={<ArrowRight />}>
            Open
          </MenuLink>
        </RowMenu>
      ),
    },
  ];
  const add = (label: string) =>
    writeDisabled === null ? (
      <ButtonLink href={paths.new} variant="primary">
        <Plus />
        {label}
      </ButtonLink>
    ) : null;
  return (
    <Page
      title={title}
      description={description}
      actions={query.data?.length ? add(emptyState.action) : null}
    >
      <ListFrame
        error={query.error}
        failure={`The ${noun}s could not be loaded.`}
        onRetry={() => void query.refetch()}
        isFirstUse={query.data?.length === 0}
        firstUse={
          <EmptyState icon={emptyState.icon} title={emptyState.title} action={add(emptyState.action)}>
            {emptyState.text}
          </EmptyState>
        }
        toolbar={
          <Toolbar>
            <SearchInput
              label={`Search ${noun}s`}
              value={search}
              onChange={(text) => void setSearch(text || null)}
            />
          </Toolbar>
        }
      >
        <DataTable
          label={title}
          columns={columns}
          rows={rows}
          rowKey={(row) => row.id}
          rowHref={(row) => paths.detail(row.id)}
          empty={
            <NothingFound what={`No ${noun} matches “${search}”.`} onClear={() => void setSearch(null)} />
          }
        />
      </ListFrame>
      {removing && removeDialog(removing, () => setRemoving(null))}
    </Page>
  );
}

/** A connector's name by its slug; the slug while the catalogue loads. */
export function connectorName(connectors: readonly ConnectorView[] | undefined, type: string): string {
  return connectors?.find((connector) => connector.slug === type)?.name ?? type;
}

function matches(
  row: ConnectionView,
  connectors: readonly ConnectorView[] | undefined,
  search: string,
): boolean {
  const text = `${row.name} ${row.slug} ${connectorName(connectors, row.type)} ${row.id}`.toLowerCase();
  return search
    .trim()
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
