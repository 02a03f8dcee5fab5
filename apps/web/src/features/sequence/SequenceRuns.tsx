'use client';

import type { SequenceRunView, SequenceView } from '@sluice/domain/sequence';
import { Button } from '@sluice/ui/Button';
import { DataTable, type TableColumn } from '@sluice/ui/DataTable';
import { EmptyState } from '@sluice/ui/EmptyState';
import { Section } from '@sluice/ui/Page';
import { durationText, Time } from '@sluice/ui/Time';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Play } from 'lucide-react';
import { parseAsString, useQueryState } from 'nuqs';
import { ListFrame } from '#features/list/ListFrame.tsx';
import { triggerWords } from '#features/run/run-status.ts';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { useTRPC } from '#trpc/client.ts';
import { SequenceRunCard } from './SequenceRunCard.tsx';
import { SequenceStatusBadge } from './SequenceStatusBadge.tsx';
import { isUnderWay } from './sequence-words.ts';
import { useTriggerSequence } from './use-trigger-sequence.ts';

const columns: TableColumn<SequenceRunView>[] = [
  {
    id: 'created',
    header: 'Triggered',
    grow: true,
    cell: (run) => (
      <>
        <Time at={run.createdAt} />{' '}
        <span className="font-normal text-faint">{triggerWords[run.trigger]}</span>
      </>
    ),
  },
  { id: 'status', header: 'Status', cell: (run) => <SequenceStatusBadge status={run.status} /> },
  {
    id: 'steps',
    header: 'Steps run',
    align: 'end',
    hideBelow: 'sm',
    cell: ({ steps }) =>
      steps.length === 0 ? '–' : `${steps.filter(({ runId }) => runId !== null).length} of ${steps.length}`,
  },
  {
    id: 'duration',
    header: 'Duration',
    align: 'end',
    hideBelow: 'md',
    cell: ({ startedAt, finishedAt }) =>
      startedAt && finishedAt ? durationText(finishedAt.getTime() - startedAt.getTime()) : '–',
  },
];

/** One run step by step (the newest unless the address says which), and all runs below. */
export function SequenceRuns({ sequence }: { sequence: SequenceView }) {
  const trpc = useTRPC();
  const { paths, whyNot } = useWorkspace();
  const [chosen] = useQueryState('run', parseAsString);
  const trigger = useTriggerSequence();
  const runs = useInfiniteQuery(
    trpc.sequence.runs.infiniteQueryOptions(
      { sequenceId: sequence.id, limit: 25 },
      {
        getNextPageParam: (page) => page.nextCursor,
        refetchInterval: (query) =>
          query.state.data?.pages.some((page) => page.items.some(({ status }) => isUnderWay(status)))
            ? 2000
            : 15_000,
      },
    ),
  );
  const items = runs.data?.pages.flatMap((page) => page.items);
  const shown = chosen ?? sequence.lastRun?.id ?? items?.[0]?.id;
  return (
    <ListFrame
      error={runs.error}
      failure="The runs could not be loaded."
      onRetry={() => void runs.refetch()}
      isFirstUse={items?.length === 0}
      firstUse={
        <EmptyState
          icon={<Play />}
          title="Run it for the first time"
          action={
            <Button
              variant="primary"
              loading={trigger.isPending}
              disabledReason={whyNot('sync.trigger')}
              onClick={() => trigger.run({ id: sequence.id })}
            >
              <Play />
              Run
            </Button>
          }
        >
          The steps start one after the other. What became of each is shown here.
        </EmptyState>
      }
    >
      {shown && <SequenceRunCard id={shown} />}
      <Section title="All runs">
        <DataTable
          label="Runs of the sequence"
          columns={columns}
          rows={items}
          rowKey={(run) => run.id}
          rowHref={(run) => paths.sequences.run(sequence.id, run.id)}
          footer={
            runs.hasNextPage && (
              <Button size="sm" loading={runs.isFetchingNextPage} onClick={() => void runs.fetchNextPage()}>
                Show older runs
              </Button>
            )
          }
        />
      </Section>
    </ListFrame>
  );
}
