'use client';

import { syncStatuses } from '@sluice/domain/run-status';
import type { SyncView } from '@sluice/domain/sync';
import { isHeld } from '@sluice/domain/sync-health';
import { syncModes } from '@sluice/domain/sync-mode';
import { ButtonLink } from '@sluice/ui/Button';
import { DataTable, type TableColumn } from '@sluice/ui/DataTable';
import { EmptyState } from '@sluice/ui/EmptyState';
import { MenuItem, MenuLink } from '@sluice/ui/Menu';
import { Page } from '@sluice/ui/Page';
import { SearchInput } from '@sluice/ui/SearchInput';
import { Select } from '@sluice/ui/Select';
import { Time } from '@sluice/ui/Time';
import { Toolbar } from '@sluice/ui/Toolbar';
import { useQuery } from '@tanstack/react-query';
import { ArrowRight, Play, Plus, RefreshCw, Trash2 } from 'lucide-react';
import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { useState } from 'react';
import { ListFrame, NothingFound } from '#features/list/ListFrame.tsx';
import { RowMenu } from '#features/list/RowMenu.tsx';
import { statusWords } from '#features/run/run-status.ts';
import { PageTitle } from '#shell/PageTitle.tsx';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { useTRPC } from '#trpc/client.ts';
import { RemoveSyncDialog } from './RemoveSyncDialog.tsx';
import { SyncStatusBadge } from './SyncStatusBadge.tsx';
import { scheduleWords } from './schedule-words.ts';
import { useTriggerSync } from './use-trigger-sync.ts';

const running = new Set(['queued', 'querying', 'processing', 'reporting']);

/** The syncs of the workspace, with their last and next runs. */
export function SyncList() {
  const trpc = useTRPC();
  const { paths, whyNot } = useWorkspace();
  const [filter, setFilter] = useQueryStates({
    q: parseAsString.withDefault(''),
    status: parseAsStringLiteral(syncStatuses),
  });
  const [removing, setRemoving] = useState<SyncView | null>(null);
  const trigger = useTriggerSync();
  const syncs = useQuery({
    ...trpc.sync.list.queryOptions(),
    refetchInterval: (query) => (query.state.data?.some((sync) => running.has(sync.status)) ? 2000 : 15_000),
  });
  const models = useQuery(trpc.model.list.queryOptions());
  const writeDisabled = whyNot('sync.write');
  const add =
    writeDisabled === null ? (
      <ButtonLink href={paths.syncs.new} variant="primary">
        <Plus />
        Create a sync
      </ButtonLink>
    ) : null;
  const columns: TableColumn<SyncView>[] = [
    {
      id: 'flow',
      header: 'Model → destination',
      grow: true,
      cell: (sync) => (
        <>
          {sync.modelName} <span className="text-faint">→</span> {sync.destinationName}
        </>
      ),
    },
    { id: 'status', header: 'Status', cell: (sync) => <SyncStatusBadge sync={sync} /> },
    {
      id: 'mode',
      header: 'Mode',
      hideBelow: 'md',
      cell: (sync) => <span className="text-muted">{syncModes[sync.configuration.mode].label}</span>,
    },
    {
      id: 'schedule',
      header: 'Schedule',
      hideBelow: 'lg',
      cell: (sync) => <span className="text-muted">{scheduleWords(sync.schedule)}</span>,
    },
    {
      id: 'last',
      header: 'Last run',
      hideBelow: 'sm',
      cell: (sync) =>
        sync.lastRunAt ? <Time at={sync.lastRunAt} /> : <span className="text-faint">never</span>,
    },
    {
      id: 'next',
      header: 'Next run',
      hideBelow: 'lg',
      cell: (sync) => <NextRun sync={sync} />,
    },
    {
      id: 'actions',
      header: '',
      screenReaderHeader: 'Actions',
      cell: (sync) => (
        <RowMenu
          id={sync.id}
          label={`Actions for ${sync.slug}`}
          danger={
            <MenuItem
              icon={<Trash2 />}
              tone="danger"
              disabledReason={writeDisabled}
              onSelect={() => setRemoving(sync)}
            >
              Remove…
            </MenuItem>
          }
        >
          <MenuLink href={paths.syncs.detail(sync.id)} icon={<ArrowRight />}>
            Open
          </MenuLink>
          <MenuItem
            icon={<Play />}
            disabledReason={whyNot('sync.trigger') ?? (sync.disabled ? 'Enable the sync first.' : null)}
            onSelect={() => trigger.run({ id: sync.id })}
          >
            Run
          </MenuItem>
        </RowMenu>
      ),
    },
  ];
  const text = filter.q.trim().toLowerCase();
  const rows = syncs.data?.filter(
    (sync) =>
      (filter.status === null || sync.status === filter.status) &&
      `${sync.slug} ${sync.modelName} ${sync.destinationName} ${sync.id}`.toLowerCase().includes(text),
  );
  const present = syncStatuses.filter((status) => syncs.data?.some((sync) => sync.status === status));
  return (
    <Page
      title="Syncs"
      description="Which rows go where, how, and when."
      actions={syncs.data?.length ? add : null}
    >
      <PageTitle parts={['Syncs']} />
      <ListFrame
        error={syncs.error}
        failure="The syncs could not be loaded."
        onRetry={() => void syncs.refetch()}
        isFirstUse={syncs.data?.length === 0}
        firstUse={
          <EmptyState icon={<RefreshCw />} title="Create your first sync" action={add}>
            {models.data?.length === 0
              ? 'A sync sends the rows of a model to a destination. The wizard leads you to a model first.'
              : 'A sync sends the rows of a model to a destination and keeps them up to date there. Only what changed is sent.'}
          </EmptyState>
        }
        toolbar={
          <Toolbar>
            <SearchInput
              label="Search syncs"
              value={filter.q}
              onChange={(q) => void setFilter({ q: q || null })}
            />
            <div className="w-44">
              <Select
                aria-label="Filter by status"
                value={filter.status ?? 'all'}
                onChange={(value) => void setFilter({ status: value === 'all' ? null : value })}
                options={[
                  { value: 'all', label: 'All statuses' },
                  ...(filter.status && !present.includes(filter.status) ? [filter.status] : []).map(
                    statusOption,
                  ),
                  ...present.map(statusOption),
                ]}
              />
            </div>
          </Toolbar>
        }
      >
        <DataTable
          label="Syncs"
          columns={columns}
          rows={rows}
          rowKey={(sync) => sync.id}
          rowHref={(sync) => paths.syncs.detail(sync.id)}
          rowLabel={(sync) => `${sync.modelName} → ${sync.destinationName} (${sync.slug})`}
          empty={
            <NothingFound what="No sync matches." onClear={() => void setFilter({ q: null, status: null })} />
          }
        />
      </ListFrame>
      {removing && <RemoveSyncDialog sync={removing} onClose={() => setRemoving(null)} />}
    </Page>
  );
}

/** When the schedule starts a run next, or that it holds still. */
function NextRun({ sync }: { sync: SyncView }) {
  const { pause } = sync;
  if (pause && !sync.disabled && isHeld(pause, new Date())) {
    return pause.until ? <Time at={pause.until} /> : <span className="text-muted">paused</span>;
  }
  return sync.nextRunAt ? <Time at={sync.nextRunAt} /> : <span className="text-faint">–</span>;
}

const statusOption = (status: (typeof syncStatuses)[number]) => ({
  value: status,
  label: statusWords[status].label,
  help: statusWords[status].description,
});
