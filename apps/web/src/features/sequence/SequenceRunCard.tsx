'use client';

import { Button } from '@sluice/ui/Button';
import { Callout } from '@sluice/ui/Callout';
import { Card } from '@sluice/ui/Card';
import { SkeletonLines } from '@sluice/ui/Skeleton';
import { Time } from '@sluice/ui/Time';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Ban } from 'lucide-react';
import { triggerWords } from '#features/run/run-status.ts';
import { missWords, timesWords } from '#features/sync/MissedSchedules.tsx';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { useTRPC } from '#trpc/client.ts';
import { ErrorCallout, ErrorViewCallout } from '#trpc/ErrorCallout.tsx';
import { useAction } from '#trpc/use-action.ts';
import { SequenceRunSteps } from './SequenceRunSteps.tsx';
import { SequenceStatusBadge } from './SequenceStatusBadge.tsx';
import { isUnderWay } from './sequence-words.ts';

/** One run of a sequence: its state, why it stopped, and each step with its run. */
export function SequenceRunCard({ id }: { id: string }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { whyNot } = useWorkspace();
  const query = useQuery({
    ...trpc.sequence.run.queryOptions({ id }),
    refetchInterval: (state) => (state.state.data && isUnderWay(state.state.data.status) ? 1000 : false),
  });
  const cancel = useAction(
    trpc.sequence.cancel.mutationOptions({
      onSuccess: async (run) => {
        queryClient.setQueryData(trpc.sequence.run.queryKey({ id }), run);
        await queryClient.invalidateQueries({ queryKey: trpc.sequence.pathKey() });
      },
    }),
    { failure: 'The run was not cancelled.' },
  );
  const run = query.data;
  if (!run) {
    return query.error ? (
      <ErrorCallout
        error={query.error}
        title="The run could not be loaded."
        onRetry={() => void query.refetch()}
      />
    ) : (
      <SkeletonLines lines={4} />
    );
  }
  const stopping = run.status === 'running' && run.cancelRequestedAt !== null;
  return (
    <Card
      title={
        <span className="inline-flex flex-wrap items-center gap-x-2">
          Run <SequenceStatusBadge status={run.status} />
        </span>
      }
      description={
        <>
          Triggered <Time at={run.createdAt} /> {triggerWords[run.trigger]}
          {run.trigger !== 'schedule' && `, ${run.triggeredBy}`}.
        </>
      }
      actions={
        isUnderWay(run.status) && (
          <Button
            loading={cancel.isPending}
            disabledReason={
              whyNot('sync.trigger') ?? (stopping ? 'It ends when the step under way has stopped.' : null)
            }
            onClick={() => cancel.mutate({ id })}
          >
            <Ban />
            {stopping ? 'Cancelling' : 'Cancel run'}
          </Button>
        )
      }
    >
      <div className="flex flex-col gap-3">
        {run.error && <ErrorViewCallout error={run.error} title="The sequence stopped." quiet />}
        {run.missed && (
          <Callout tone="caution" title={timesWords(run.missed)}>
            Because {missWords[run.missed.reason]}, last <Time at={run.missed.lastAt} />. This run makes up
            for it.
          </Callout>
        )}
        {run.steps.length > 0 ? (
          <SequenceRunSteps run={run} />
        ) : (
          <p className="text-muted text-sm">
            {run.status === 'pending'
              ? 'It starts when the run before it has ended.'
              : 'It ended before its first step.'}
          </p>
        )}
      </div>
    </Card>
  );
}
