'use client';

import type { RowInRun } from '@sluice/domain/row-history';
import { Button } from '@sluice/ui/Button';
import { DataTable, type TableColumn } from '@sluice/ui/DataTable';
import { EmptyState } from '@sluice/ui/EmptyState';
import { Field } from '@sluice/ui/Field';
import { Input } from '@sluice/ui/Input';
import { Page } from '@sluice/ui/Page';
import { Select } from '@sluice/ui/Select';
import { Status } from '@sluice/ui/Status';
import { Time } from '@sluice/ui/Time';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { ScanSearch } from 'lucide-react';
import { parseAsInteger, parseAsString, useQueryStates } from 'nuqs';
import { useEffect, useState } from 'react';
import { ClassMark } from '#features/run/ClassMark.tsx';
import { outcomeWords } from '#features/run/outcome-words.tsx';
import { rowsQuery } from '#features/run/rows-query.ts';
import { PageTitle } from '#shell/PageTitle.tsx';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { useTRPC } from '#trpc/client.ts';
import { ErrorCallout } from '#trpc/ErrorCallout.tsx';

const runWords = ({ runId, kind }: RowInRun): string =>
  kind === 'sync' ? `Run ${runId}` : `Run ${runId}, ${kind}`;

const columns: TableColumn<RowInRun>[] = [
  {
    id: 'run',
    header: 'Run',
    opens: true,
    cell: runWords,
  },
  {
    id: 'sync',
    header: 'Sync',
    grow: true,
    hideBelow: 'sm',
    cell: (row) => (
      <>
        {row.modelName} <span className="text-faint">→</span> {row.destinationName}
      </>
    ),
  },
  { id: 'class', header: 'Class', cell: (row) => <ClassMark name={row.class} /> },
  {
    id: 'outcome',
    header: 'Outcome',
    cell: (row) => {
      const words = outcomeWords[row.outcome];
      return (
        <Status
          tone={words.tone}
          icon={words.icon}
          label={words.label}
          description={row.message ?? words.description}
        />
      );
    },
  },
  {
    id: 'when',
    header: 'When',
    hideBelow: 'md',
    cell: (row) => <Time at={row.finishedAt ?? row.createdAt} />,
  },
];

/** What happened to the row of one primary key: over all syncs and runs, newest first, from the plan files. */
export function RowHistoryPage() {
  const trpc = useTRPC();
  const { paths, whyNot } = useWorkspace();
  const [find, setFind] = useQueryStates({
    key: parseAsString.withDefault(''),
    sync: parseAsInteger,
  });
  const [text, setText] = useState(find.key);
  // The address may change without this form: a link of the palette, Back.
  useEffect(() => setText(find.key), [find.key]);
  const denied = whyNot('run.rows');
  const syncs = useQuery(trpc.sync.list.queryOptions());
  const history = useInfiniteQuery(
    trpc.run.history.infiniteQueryOptions(
      { key: find.key, limit: 50, ...(find.sync !== null && { syncId: find.sync }) },
      {
        getNextPageParam: (page) => page.nextCursor,
        enabled: find.key !== '' && denied === null,
        refetchInterval: 15_000,
      },
    ),
  );
  const items = history.data?.pages.flatMap((page) => page.items);
  const searching = history.isFetching || history.isFetchingNextPage;
  return (
    <Page title="Rows" description="What happened to a row, in every sync and run that is kept.">
      <PageTitle parts={find.key === '' ? ['Rows'] : [`Row ${find.key}`, 'Rows']} />
      <form
        className="flex flex-wrap items-end gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          void setFind({ key: text.trim() || null });
        }}
      >
        <div className="w-full sm:w-80">
          <Field label="Primary key" help="Exactly as the model returns it.">
            {(aria) => (
              <Input
                {...aria}
                mono
                autoComplete="off"
                value={text}
                onChange={(event) => setText(event.target.value)}
              />
            )}
          </Field>
        </div>
        <div className="w-full sm:w-64 sm:pb-5.5">
          <Select
            aria-label="Syncs to look into"
            value={find.sync === null ? 'all' : String(find.sync)}
            onChange={(value) => void setFind({ sync: value === 'all' ? null : Number(value) })}
            options={[
              { value: 'all', label: 'All syncs' },
              ...(syncs.data ?? []).map((sync) => ({ value: String(sync.id), label: sync.slug })),
            ]}
          />
        </div>
        <div className="sm:pb-5.5">
          <Button type="submit" variant="primary" disabledReason={denied}>
            Find
          </Button>
        </div>
      </form>
      {denied !== null && <p className="text-muted text-sm">Rows hold data. {denied}</p>}
      {history.error && (
        <ErrorCallout
          error={history.error}
          title="The history could not be read."
          onRetry={() => void history.refetch()}
        />
      )}
      {find.key === '' ? (
        <EmptyState icon={<ScanSearch />} title="Find a row by its primary key">
          You see each run that meant to send it: whether it was added, changed or removed, and what the
          destination said.
        </EmptyState>
      ) : (
        denied === null && (
          <DataTable
            label={`History of row ${find.key}`}
            columns={columns}
            rows={items}
            rowKey={(row) => `${row.runId}-${row.seq}`}
            rowHref={(row) => `${paths.runs.detail(row.runId)}${rowsQuery({ row: row.seq })}`}
            rowLabel={(row) => `${runWords(row)}: ${row.syncSlug}, ${outcomeWords[row.outcome].label}`}
            empty={
              searching
                ? 'Looking through the runs…'
                : 'No run that is kept meant to send a row with this key. Keys are compared exactly.'
            }
            footer={
              history.hasNextPage && (
                <Button
                  size="sm"
                  loading={history.isFetchingNextPage}
                  onClick={() => void history.fetchNextPage()}
                >
                  Look further back
                </Button>
              )
            }
          />
        )
      )}
    </Page>
  );
}
