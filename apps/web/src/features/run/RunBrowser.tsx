'use client';

import { type RunStatus, runStatuses } from '@sluice/domain/run-status';
import { Button } from '@sluice/ui/Button';
import { Select } from '@sluice/ui/Select';
import { Toolbar } from '@sluice/ui/Toolbar';
import { useInfiniteQuery } from '@tanstack/react-query';
import { parseAsStringLiteral, useQueryState } from 'nuqs';
import type { ReactNode } from 'react';
import { ListFrame, NothingFound } from '#features/list/ListFrame.tsx';
import { useTRPC } from '#trpc/client.ts';
import { RunTable } from './RunTable.tsx';
import { isRunning, statusWords } from './run-status.ts';

const groups = ['running', ...runStatuses.slice(4)] as const;

/** Runs of one sync or of all, newest first, with a filter by status; moves on while one goes on. */
export function RunBrowser({ syncId, firstUse }: { syncId: number | null; firstUse: ReactNode }) {
  const trpc = useTRPC();
  const [status, setStatus] = useQueryState('status', parseAsStringLiteral(groups));
  const wanted: RunStatus[] | undefined =
    status === null ? undefined : status === 'running' ? runStatuses.slice(0, 4) : [status as RunStatus];
  const runs = useInfiniteQuery(
    trpc.run.list.infiniteQueryOptions(
      { ...(syncId !== null && { syncId }), ...(wanted && { status: wanted }), limit: 50 },
      {
        getNextPageParam: (page) => page.nextCursor,
        placeholderData: (before) => before,
        refetchInterval: (query) =>
          query.state.data?.pages.some((page) => page.items.some((run) => isRunning(run.status)))
            ? 1000
            : 15_000,
      },
    ),
  );
  const items = runs.data?.pages.flatMap((page) => page.items);
  return (
    <ListFrame
      error={runs.error}
      failure="The runs could not be loaded."
      onRetry={() => void runs.refetch()}
      isFirstUse={items?.length === 0 && status === null}
      firstUse={firstUse}
      toolbar={
        <Toolbar>
          <div className="w-44">
            <Select
              aria-label="Filter by status"
              value={status ?? 'all'}
              onChange={(value) => void setStatus(value === 'all' ? null : value)}
              options={[
                { value: 'all', label: 'All statuses' },
                { value: 'running', label: 'Running', help: 'Queued, or on its way.' },
                ...groups.slice(1).map((name) => {
                  const words = statusWords[name as RunStatus];
                  return { value: name, label: words.label, help: words.description };
                }),
              ]}
            />
          </div>
        </Toolbar>
      }
    >
      <RunTable
        runs={items}
        ofOneSync={syncId !== null}
        loading={runs.isPlaceholderData}
        empty={<NothingFound what="No run has this status." onClear={() => void setStatus(null)} />}
        footer={
          runs.hasNextPage && (
            <Button size="sm" loading={runs.isFetchingNextPage} onClick={() => void runs.fetchNextPage()}>
              Show older runs
            </Button>
          )
        }
      />
    </ListFrame>
  );
}
