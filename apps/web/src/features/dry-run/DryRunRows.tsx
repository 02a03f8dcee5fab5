'use client';

import { type ChangeClass, changeClasses, sumCounts } from '@sluice/domain/change';
import type { DryRunResult, DryRunRow } from '@sluice/domain/dry-run';
import { Button } from '@sluice/ui/Button';
import { SearchInput } from '@sluice/ui/SearchInput';
import { Segmented } from '@sluice/ui/Segmented';
import { Select } from '@sluice/ui/Select';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { ClassMark, classWords } from '#features/run/ClassMark.tsx';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { useTRPC } from '#trpc/client.ts';
import { ErrorCallout } from '#trpc/ErrorCallout.tsx';
import { FieldChanges } from './FieldChanges.tsx';

const pageSize = 20;

/** The planned rows of a dry run, each field as it was delivered and as it would be; by class, key and field. */
export function DryRunRows({ result }: { result: DryRunResult }) {
  const trpc = useTRPC();
  const { can } = useWorkspace();
  const present = changeClasses.filter((name) => result.counts.planned[name] > 0);
  const [shown, setShown] = useState<ChangeClass>(
    present.find((name) => name === 'changed') ?? present[0] ?? 'added',
  );
  const [search, setSearch] = useState('');
  const [field, setField] = useState<string | null>(null);
  const key = useDeferredValue(search.trim());
  const rows = useInfiniteQuery(
    trpc.sync.dryRunRows.infiniteQueryOptions(
      {
        id: result.id,
        class: shown,
        limit: pageSize,
        ...(key !== '' && { search: key }),
        ...(field !== null && shown === 'changed' && { field }),
      },
      {
        getNextPageParam: (page) => page.nextCursor,
        enabled: can('run.rows'),
        placeholderData: (before) => before,
        staleTime: Number.POSITIVE_INFINITY,
      },
    ),
  );
  if (sumCounts(result.counts.planned) === 0) {
    return <p className="text-muted text-sm">Nothing would be sent.</p>;
  }
  const items = rows.data?.pages.flatMap((page) => page.items);
  const exactFields = result.fields.filter(({ exact }) => exact);
  return (
    <section aria-label="Rows of the dry run" className="flex min-w-0 flex-col gap-3">
      <div className="flex flex-wrap items-center gap-2">
        {present.length > 1 && (
          <Segmented
            label="Class"
            value={shown}
            onChange={setShown}
            options={present.map((name) => ({ value: name, label: classWords[name].label }))}
          />
        )}
        <SearchInput label="Search by primary key" value={search} onChange={setSearch} />
        {shown === 'changed' && exactFields.length > 1 && (
          <div className="w-48">
            <Select
              aria-label="Rows that change a field"
              value={field === null ? 'any' : `field ${field}`}
              onChange={(value) => setField(value === 'any' ? null : value.slice('field '.length))}
              options={[
                { value: 'any', label: 'Any field' },
                ...exactFields.map((total) => ({ value: `field ${total.field}`, label: total.field })),
              ]}
            />
          </div>
        )}
      </div>
      {rows.error && (
        <ErrorCallout
          error={rows.error}
          title="The rows could not be loaded."
          onRetry={() => void rows.refetch()}
        />
      )}
      {(items ?? result.rows[shown]).length === 0 ? (
        <p className="text-muted text-sm">No row matches.</p>
      ) : (
        <ul className="flex flex-col divide-y rounded-md border">
          {(items ?? result.rows[shown]).map((row) => (
            <RowItem key={row.seq} row={row} />
          ))}
        </ul>
      )}
      {rows.hasNextPage && (
        <Button
          size="sm"
          className="self-start"
          loading={rows.isFetchingNextPage}
          onClick={() => void rows.fetchNextPage()}
        >
          Show more rows
        </Button>
      )}
    </section>
  );
}

function RowItem({ row }: { row: DryRunRow }) {
  return (
    <li className="flex min-w-0 flex-col gap-2 p-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-xs">
        <span className="wrap-anywhere font-mono text-ink">{row.key}</span>
        <ClassMark name={row.class} />
        {row.operation === null && <span className="text-faint">not sent by this mode</span>}
      </div>
      {row.error !== null && (
        <p className="wrap-anywhere text-critical text-sm">Would be rejected: {row.error}</p>
      )}
      <FieldChanges row={row} />
    </li>
  );
}
