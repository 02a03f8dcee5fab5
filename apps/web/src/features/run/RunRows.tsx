'use client';

import { changeClasses, rowOutcomes, sumCounts } from '@sluice/domain/change';
import type { RunRow } from '@sluice/domain/run';
import { Button } from '@sluice/ui/Button';
import { Checkbox } from '@sluice/ui/Checkbox';
import { DataTable, type TableColumn } from '@sluice/ui/DataTable';
import { SearchInput } from '@sluice/ui/SearchInput';
import { Select } from '@sluice/ui/Select';
import { Status } from '@sluice/ui/Status';
import { TextLink } from '@sluice/ui/TextLink';
import { Toolbar } from '@sluice/ui/Toolbar';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Download, X } from 'lucide-react';
import { parseAsInteger, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { useDeferredValue } from 'react';
import { ListFrame, NothingFound } from '#features/list/ListFrame.tsx';
import { useReplayChoice } from '#features/replay/ReplayContext.tsx';
import { chooseRow } from '#features/replay/replay-choice.ts';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { useTRPC } from '#trpc/client.ts';
import { ClassMark, classWords } from './ClassMark.tsx';
import { outcomeWords } from './outcome-words.tsx';
import { useFollowedRun } from './RunContext.tsx';
import { RunRowSheet } from './RunRowSheet.tsx';
import { isRunning } from './run-status.ts';

const columns: TableColumn<RunRow>[] = [
  {
    id: 'key',
    header: 'Primary key',
    opens: true,
    cell: (row) => <span className="font-mono text-xs">{row.key}</span>,
  },
  { id: 'class', header: 'Class', cell: (row) => <ClassMark name={row.class} /> },
  {
    id: 'outcome',
    header: 'Outcome',
    cell: (row) => {
      const words = outcomeWords[row.outcome];
      return (
        <Status tone={words.tone} icon={words.icon} label={words.label} description={words.description} />
      );
    },
  },
  {
    id: 'message',
    header: 'Reason',
    grow: true,
    hideBelow: 'sm',
    cell: (row) => (
      <span className="font-normal text-muted" title={row.message ?? undefined}>
        {row.message}
      </span>
    ),
  },
];

/** Every planned row of the run: search by primary key, filter, open one to see what was sent and answered. */
export function RunRows() {
  const trpc = useTRPC();
  const { run } = useFollowedRun();
  const { paths, whyNot, can } = useWorkspace();
  const { choice, setChoice } = useReplayChoice();
  const [filter, setFilter] = useQueryStates({
    q: parseAsString.withDefault(''),
    class: parseAsStringLiteral(changeClasses),
    outcome: parseAsStringLiteral(rowOutcomes),
    reason: parseAsString,
    row: parseAsInteger,
  });
  const search = useDeferredValue(filter.q.trim());
  const denied = whyNot('run.rows');
  const runId = run?.id ?? 0;
  const rows = useInfiniteQuery(
    trpc.run.rows.infiniteQueryOptions(
      {
        runId,
        ...(search !== '' && { search }),
        ...(filter.class && { class: filter.class }),
        ...(filter.outcome && { outcome: filter.outcome }),
        ...(filter.reason && { reason: filter.reason }),
      },
      {
        getNextPageParam: (page) => page.nextCursor,
        enabled: denied === null && run !== undefined,
        placeholderData: (before) => before,
        refetchInterval: run && isRunning(run.status) ? 4000 : false,
      },
    ),
  );
  if (!run) return null;
  if (denied !== null) return <p className="text-muted text-sm">Rows hold data. {denied}</p>;
  const items = rows.data?.pages.flatMap((page) => page.items);
  const filtered =
    search !== '' || filter.class !== null || filter.outcome !== null || filter.reason !== null;
  const choosable = !isRunning(run.status) && can('sync.trigger');
  const chooseColumn: TableColumn<RunRow> = {
    id: 'choose',
    header: '',
    screenReaderHeader: 'Choose',
    cell: (row) =>
      row.outcome === 'skipped' || row.outcome === 'held' ? null : (
        <Checkbox
          checked={choice.has(row.seq)}
          onChange={(chosen) => setChoice(chooseRow(choice, row, chosen))}
          label={`Choose row ${row.key} to send it again`}
          hideLabel
        />
      ),
  };
  const clear = () => void setFilter({ q: null, class: null, outcome: null, reason: null });
  return (
    <>
      <ListFrame
        error={rows.error}
        failure="The rows could not be loaded."
        onRetry={() => void rows.refetch()}
        isFirstUse={false}
        firstUse={null}
        toolbar={
          <Toolbar
            actions={
              sumCounts(run.counts.rejected) > 0 && (
                <a
                  href={paths.runs.rejectedCsv(run.id)}
                  download
                  className="focus-ring inline-flex items-center gap-1.5 rounded-md px-2 py-1 font-medium text-accent text-sm hover:bg-hover"
                >
                  <Download aria-hidden="true" className="size-4" />
                  Rejected rows as CSV
                </a>
              )
            }
          >
            <SearchInput
              label="Search by primary key"
              value={filter.q}
              onChange={(q) => void setFilter({ q: q || null })}
            />
            <div className="w-36">
              <Select
                aria-label="Filter by class"
                value={filter.class ?? 'all'}
                onChange={(value) => void setFilter({ class: value === 'all' ? null : value })}
                options={[
                  { value: 'all', label: 'All classes' },
                  ...changeClasses.map((name) => ({ value: name, label: classWords[name].label })),
                ]}
              />
            </div>
            <div className="w-40">
              <Select
                aria-label="Filter by outcome"
                value={filter.outcome ?? 'all'}
                onChange={(value) => void setFilter({ outcome: value === 'all' ? null : value })}
                options={[
                  { value: 'all', label: 'All outcomes' },
                  ...rowOutcomes.map((name) => ({ value: name, label: outcomeWords[name].label })),
                ]}
              />
            </div>
            {filter.reason && (
              <Button size="sm" onClick={() => void setFilter({ reason: null })}>
                One reason only
                <X />
              </Button>
            )}
          </Toolbar>
        }
      >
        <DataTable
          label="Rows of the run"
          columns={choosable ? [chooseColumn, ...columns] : columns}
          rows={items}
          rowKey={(row) => row.seq}
          onRowOpen={(row) => void setFilter({ row: row.seq })}
          rowLabel={(row) =>
            `Row ${row.key}, ${outcomeWords[row.outcome].label}${row.message ? `: ${row.message}` : ''}`
          }
          loading={rows.isPlaceholderData}
          empty={
            filtered ? (
              <NothingFound what="No row of this run matches." onClear={clear} />
            ) : isRunning(run.status) ? (
              'Rows appear here once the run has planned them.'
            ) : sumCounts(run.counts.planned) === 0 ? (
              'Nothing had to be sent: the destination already has every row as it is.'
            ) : (
              <>
                Nothing to show. Rows are kept for as long as the{' '}
                <TextLink href={paths.settings.general}>workspace says</TextLink>.
              </>
            )
          }
          footer={
            rows.hasNextPage && (
              <Button size="sm" loading={rows.isFetchingNextPage} onClick={() => void rows.fetchNextPage()}>
                Show more rows
              </Button>
            )
          }
        />
      </ListFrame>
      {filter.row !== null && (
        <RunRowSheet runId={run.id} seq={filter.row} onClose={() => void setFilter({ row: null })} />
      )}
    </>
  );
}
