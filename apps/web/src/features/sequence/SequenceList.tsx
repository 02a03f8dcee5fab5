'use client';

import type { SequenceView } from '@sluice/domain/sequence';
import { ButtonLink } from '@sluice/ui/Button';
import { DataTable, type TableColumn } from '@sluice/ui/DataTable';
import { EmptyState } from '@sluice/ui/EmptyState';
import { MenuItem, MenuLink } from '@sluice/ui/Menu';
import { Page } from '@sluice/ui/Page';
import { SearchInput } from '@sluice/ui/SearchInput';
import { Time } from '@sluice/ui/Time';
import { Toolbar } from '@sluice/ui/Toolbar';
import { useQuery } from '@tanstack/react-query';
import { ArrowRight, ListOrdered, Pencil, Play, Plus, Trash2 } from 'lucide-react';
import { useQueryState } from 'nuqs';
import { useState } from 'react';
import { ListFrame, NothingFound } from '#features/list/ListFrame.tsx';
import { RowMenu } from '#features/list/RowMenu.tsx';
import { scheduleWords } from '#features/sync/schedule-words.ts';
import { PageTitle } from '#shell/PageTitle.tsx';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { useTRPC } from '#trpc/client.ts';
import { RemoveSequenceDialog } from './RemoveSequenceDialog.tsx';
import { SequenceStatusBadge } from './SequenceStatusBadge.tsx';
import { isUnderWay } from './sequence-words.ts';
import { useTriggerSequence } from './use-trigger-sequence.ts';

/** The sequences of the workspace, with their last and next runs. */
export function SequenceList() {
  const trpc = useTRPC();
  const { paths, whyNot } = useWorkspace();
  const [search, setSearch] = useQueryState('q', { defaultValue: '' });
  const [removing, setRemoving] = useState<SequenceView | null>(null);
  const trigger = useTriggerSequence();
  const sequences = useQuery({
    ...trpc.sequence.list.queryOptions(),
    refetchInterval: (query) =>
      query.state.data?.some(({ lastRun }) => lastRun && isUnderWay(lastRun.status)) ? 2000 : 15_000,
  });
  const writeDisabled = whyNot('sync.write');
  const add =
    writeDisabled === null ? (
      <ButtonLink href={paths.sequences.new} variant="primary">
        <Plus />
        Create a sequence
      </ButtonLink>
    ) : null;
  const columns: TableColumn<SequenceView>[] = [
    { id: 'name', header: 'Name', grow: true, cell: (sequence) => sequence.name },
    { id: 'steps', header: 'Steps', align: 'end', cell: (sequence) => sequence.steps.length },
    {
      id: 'status',
      header: 'Status',
      cell: ({ lastRun }) =>
        lastRun ? (
          <SequenceStatusBadge status={lastRun.status} />
        ) : (
          <span className="text-faint">never run</span>
        ),
    },
    {
      id: 'schedule',
      header: 'Schedule',
      hideBelow: 'lg',
      cell: ({ schedule, disabled }) => (
        <span className="text-muted">
          {scheduleWords(schedule)}
          {schedule && disabled && ' (paused)'}
        </span>
      ),
    },
    {
      id: 'last',
      header: 'Last run',
      hideBelow: 'sm',
      cell: ({ lastRun }) =>
        lastRun ? <Time at={lastRun.createdAt} /> : <span className="text-faint">never</span>,
    },
    {
      id: 'next',
      header: 'Next run',
      hideBelow: 'lg',
      cell: ({ nextRunAt }) => (nextRunAt ? <Time at={nextRunAt} /> : <span className="text-faint">–</span>),
    },
    {
      id: 'actions',
      header: '',
      screenReaderHeader: 'Actions',
      cell: (sequence) => (
        <RowMenu
          id={sequence.id}
          label={`Actions for ${sequence.name}`}
          danger={
            <MenuItem
              icon={<Trash2 />}
              tone="danger"
              disabledReason={writeDisabled}
              onSelect={() => setRemoving(sequence)}
            >
              Remove…
            </MenuItem>
          }
        >
          <MenuLink href={paths.sequences.detail(sequence.id)} icon={<ArrowRight />}>
            Open
          </MenuLink>
          <MenuLink href={paths.sequences.edit(sequence.id)} icon={<Pencil />}>
            Edit
          </MenuLink>
          <MenuItem
            icon={<Play />}
            disabledReason={whyNot('sync.trigger')}
            onSelect={() => trigger.run({ id: sequence.id })}
          >
            Run
          </MenuItem>
        </RowMenu>
      ),
    },
  ];
  const text = search.trim().toLowerCase();
  const rows = sequences.data?.filter(({ name, slug, steps }) =>
    `${name} ${slug} ${steps.map(({ syncSlug }) => syncSlug).join(' ')}`.toLowerCase().includes(text),
  );
  return (
    <Page
      title="Sequences"
      description="Syncs that run one after the other."
      actions={sequences.data?.length ? add : null}
    >
      <PageTitle parts={['Sequences']} />
      <ListFrame
        error={sequences.error}
        failure="The sequences could not be loaded."
        onRetry={() => void sequences.refetch()}
        isFirstUse={sequences.data?.length === 0}
        firstUse={
          <EmptyState icon={<ListOrdered />} title="Create your first sequence" action={add}>
            A sequence runs syncs in order: the companies first, then the contacts that belong to them. For
            each step you say whether a failure stops what comes after it.
          </EmptyState>
        }
        toolbar={
          <Toolbar>
            <SearchInput
              label="Search sequences"
              value={search}
              onChange={(next) => void setSearch(next || null)}
            />
          </Toolbar>
        }
      >
        <DataTable
          label="Sequences"
          columns={columns}
          rows={rows}
          rowKey={(sequence) => sequence.id}
          rowHref={(sequence) => paths.sequences.detail(sequence.id)}
          empty={
            <NothingFound what={`No sequence matches “${search}”.`} onClear={() => void setSearch(null)} />
          }
        />
      </ListFrame>
      {removing && <RemoveSequenceDialog sequence={removing} onClose={() => setRemoving(null)} />}
    </Page>
  );
}
