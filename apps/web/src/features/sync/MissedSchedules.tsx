'use client';

import {
  type MissedSchedule,
  type MissedTimes,
  type MissReason,
  overdueSince,
} from '@sluice/domain/missed-schedule';
import type { SyncView } from '@sluice/domain/sync';
import { isHeld } from '@sluice/domain/sync-health';
import { Callout } from '@sluice/ui/Callout';
import { Card } from '@sluice/ui/Card';
import { DataTable, type TableColumn } from '@sluice/ui/DataTable';
import { TextLink } from '@sluice/ui/TextLink';
import { Time } from '@sluice/ui/Time';
import { useQuery } from '@tanstack/react-query';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { useTRPC } from '#trpc/client.ts';
import { ErrorCallout } from '#trpc/ErrorCallout.tsx';

const number = new Intl.NumberFormat('en');
const dayMs = 86_400_000;

export const missWords: Record<MissReason, string> = {
  paused: 'the schedule was paused',
  no_worker: 'no worker was running',
  queue_behind: 'a run was still waiting for its turn',
};

/** Says when the schedule is late right now, or missed times in the last day. */
export function MissedCallout({ sync }: { sync: SyncView }) {
  const trpc = useTRPC();
  const { paths } = useWorkspace();
  const now = new Date();
  const missed = useQuery(
    trpc.sync.missed.queryOptions(
      { id: sync.id },
      { enabled: sync.schedule !== null, refetchInterval: 15_000 },
    ),
  );
  const overdue = isHeld(sync.pause, now) ? null : overdueSince(sync, now);
  if (overdue) {
    return (
      <Callout tone="critical" title="The schedule is late: no worker starts its runs">
        A run should have started <Time at={overdue} />. It starts when a worker is there again; look whether
        the worker process runs, and at its log.
      </Callout>
    );
  }
  const last = missed.data?.find(({ lastAt }) => now.getTime() - lastAt.getTime() < dayMs);
  // What a pause that still goes on misses is said with the pause.
  if (!last || (last.reason === 'paused' && sync.pause)) return null;
  return (
    <Callout tone="caution" title={timesWords(last)}>
      Because {missWords[last.reason]}, last <Time at={last.lastAt} />.{' '}
      {last.runId === null ? (
        'No run made up for it: the schedule went on with its next time.'
      ) : (
        <>
          <TextLink href={paths.runs.detail(last.runId)}>Run {last.runId}</TextLink> makes up for it.
        </>
      )}
    </Callout>
  );
}

/** The times that the schedule missed, newest first. */
export function MissedSchedules({ syncId }: { syncId: number }) {
  const trpc = useTRPC();
  const { paths } = useWorkspace();
  const missed = useQuery(trpc.sync.missed.queryOptions({ id: syncId }));
  const columns: TableColumn<MissedSchedule>[] = [
    { id: 'times', header: 'Missed', cell: timesWords, grow: true },
    { id: 'reason', header: 'Why', cell: ({ reason }) => missWords[reason], hideBelow: 'sm' },
    { id: 'first', header: 'From', cell: ({ firstAt }) => <Time at={firstAt} />, hideBelow: 'md' },
    { id: 'last', header: 'To', cell: ({ lastAt }) => <Time at={lastAt} /> },
    {
      id: 'run',
      header: 'Made up by',
      cell: ({ runId, endedAt }) =>
        runId !== null ? (
          <TextLink href={paths.runs.detail(runId)}>Run {runId}</TextLink>
        ) : endedAt ? (
          'no run'
        ) : (
          'still missing'
        ),
    },
  ];
  if (missed.error) {
    return (
      <ErrorCallout
        error={missed.error}
        title="Missed times could not be loaded."
        onRetry={() => void missed.refetch()}
      />
    );
  }
  if (!missed.data || missed.data.length === 0) return null;
  return (
    <Card flush title="Missed times" description="When the schedule should have started a run and did not.">
      <DataTable
        label="Missed times"
        columns={columns}
        rows={missed.data}
        rowKey={({ id }) => id}
        rowLabel={timesWords}
        empty="No time was missed."
      />
    </Card>
  );
}

export const timesWords = ({ times }: MissedTimes): string =>
  times === 1 ? '1 scheduled time was missed' : `${number.format(times)} scheduled times were missed`;
