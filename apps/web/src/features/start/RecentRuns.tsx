'use client';

import { sumCounts } from '@sluice/domain/change';
import type { RunView } from '@sluice/domain/run';
import { DataTable, type TableColumn } from '@sluice/ui/DataTable';
import { Section } from '@sluice/ui/Page';
import { TextLink } from '@sluice/ui/TextLink';
import { durationText, Time } from '@sluice/ui/Time';
import { useQuery } from '@tanstack/react-query';
import { RunStatusBadge } from '#features/run/RunStatusBadge.tsx';
import { isRunning } from '#features/run/run-status.ts';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { useTRPC } from '#trpc/client.ts';
import { ErrorCallout } from '#trpc/ErrorCallout.tsx';

/** The last six runs; looked at again every second while one of them goes on. */
export function RecentRuns() {
  const trpc = useTRPC();
  const { paths } = useWorkspace();
  const runs = useQuery(
    trpc.run.list.queryOptions(
      { limit: 6 },
      {
        refetchInterval: (query) =>
          query.state.data?.items.some((run) => isRunning(run.status)) ? 1000 : 15_000,
      },
    ),
  );
  return (
    <Section title="Recent runs" actions={<TextLink href={paths.runs.list}>All runs</TextLink>}>
      {runs.isError && !runs.data ? (
        <ErrorCallout
          error={runs.error}
          title="The runs could not be loaded."
          onRetry={() => void runs.refetch()}
        />
      ) : (
        <DataTable
          label="Recent runs"
          columns={columns}
          rows={runs.data?.items}
          rowKey={(run) => run.id}
          rowHref={(run) => paths.runs.detail(run.id)}
          rowLabel={(run) => `Run ${run.id}: ${run.modelName} → ${run.destinationName}`}
          empty="No sync has run yet."
        />
      )}
    </Section>
  );
}

const columns: readonly TableColumn<RunView>[] = [
  {
    id: 'status',
    header: 'Status',
    cell: (run) => (
      <span className="relative z-raised">
        <RunStatusBadge status={run.status} />
      </span>
    ),
  },
  {
    id: 'sync',
    header: 'Sync',
    grow: true,
    cell: (run) => `${run.modelName} → ${run.destinationName}`,
  },
  {
    id: 'delivered',
    header: 'Delivered',
    align: 'end',
    hideBelow: 'sm',
    cell: (run) => sumCounts(run.counts.delivered).toLocaleString('en'),
  },
  {
    id: 'rejected',
    header: 'Rejected',
    align: 'end',
    hideBelow: 'md',
    cell: (run) => sumCounts(run.counts.rejected).toLocaleString('en'),
  },
  {
    id: 'duration',
    header: 'Took',
    align: 'end',
    hideBelow: 'md',
    cell: (run) =>
      run.startedAt && run.finishedAt
        ? durationText(run.finishedAt.getTime() - run.startedAt.getTime())
        : '–',
  },
  { id: 'when', header: 'Queued', align: 'end', cell: (run) => <Time at={run.createdAt} /> },
];
