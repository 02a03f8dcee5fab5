'use client';

import { sumCounts } from '@sluice/domain/change';
import type { RunView } from '@sluice/domain/run';
import { DataTable, type TableColumn } from '@sluice/ui/DataTable';
import { durationText, Time } from '@sluice/ui/Time';
import type { ReactNode } from 'react';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { leftWords } from './pace-words.ts';
import { RunStatusBadge } from './RunStatusBadge.tsx';
import { isRunning } from './run-status.ts';

const number = new Intl.NumberFormat('en');

const syncColumn: TableColumn<RunView> = {
  id: 'sync',
  header: 'Sync',
  grow: true,
  cell: (run) => (
    <>
      {run.modelName} <span className="text-faint">→</span> {run.destinationName}
    </>
  ),
};
const runColumn: TableColumn<RunView> = {
  id: 'id',
  header: 'Run',
  cell: (run) => `Run ${run.id}`,
  grow: true,
};
const columns: TableColumn<RunView>[] = [
  { id: 'status', header: 'Status', cell: (run) => <RunStatusBadge status={run.status} /> },
  {
    id: 'created',
    header: 'Started',
    hideBelow: 'sm',
    cell: (run) => <Time at={run.startedAt ?? run.createdAt} />,
  },
  { id: 'duration', header: 'Duration', align: 'end', hideBelow: 'md', cell: duration },
  {
    id: 'queried',
    header: 'Rows read',
    align: 'end',
    hideBelow: 'lg',
    cell: (run) => (run.startedAt ? number.format(run.counts.queried) : '–'),
  },
  {
    id: 'delivered',
    header: 'Delivered',
    align: 'end',
    hideBelow: 'md',
    cell: (run) => number.format(sumCounts(run.counts.delivered)),
  },
  {
    id: 'rejected',
    header: 'Rejected',
    align: 'end',
    hideBelow: 'sm',
    cell: (run) => {
      const rejected = sumCounts(run.counts.rejected);
      return <span className={rejected > 0 ? 'text-critical' : 'text-faint'}>{number.format(rejected)}</span>;
    },
  },
];

/** A table of runs, newest first; of one sync it names the run, of many the sync. */
export function RunTable({
  runs,
  ofOneSync,
  empty,
  loading,
  footer,
}: {
  runs: readonly RunView[] | undefined;
  ofOneSync: boolean;
  empty: ReactNode;
  loading: boolean;
  footer: ReactNode;
}) {
  const { paths } = useWorkspace();
  return (
    <DataTable
      label="Runs"
      columns={[ofOneSync ? runColumn : syncColumn, ...columns]}
      rows={runs}
      rowKey={(run) => run.id}
      rowHref={(run) => paths.runs.detail(run.id)}
      rowLabel={(run) =>
        ofOneSync ? `Run ${run.id}` : `${run.modelName} → ${run.destinationName}, run ${run.id}`
      }
      empty={empty}
      loading={loading}
      footer={footer}
    />
  );
}

function duration(run: RunView): string {
  if (!run.startedAt) return '–';
  if (run.finishedAt) return durationText(run.finishedAt.getTime() - run.startedAt.getTime());
  if (!isRunning(run.status)) return '–';
  if (run.status !== 'processing') return durationText(Date.now() - run.startedAt.getTime());
  const left = run.pace?.leftMs ?? null;
  const percent = `${Math.round(run.completionRatio * 100)} %`;
  return left === null ? percent : `${percent}, ${leftWords(left)}`;
}
