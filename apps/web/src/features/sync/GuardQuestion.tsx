'use client';

import { changeClasses, sentOf } from '@sluice/domain/change';
import type { RunView } from '@sluice/domain/run';
import { Button, ButtonLink } from '@sluice/ui/Button';
import { Callout } from '@sluice/ui/Callout';
import { ConfirmDialog } from '@sluice/ui/ConfirmDialog';
import { TextLink } from '@sluice/ui/TextLink';
import { useQuery } from '@tanstack/react-query';
import { Play } from 'lucide-react';
import { useState } from 'react';
import { useShowRun } from '#features/run/use-show-run.ts';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { useTRPC } from '#trpc/client.ts';
import { useAction } from '#trpc/use-action.ts';
import { usePauseSync } from './use-pause-sync.ts';

const number = new Intl.NumberFormat('en');

/**
 * Asks what to do about a run that a guard stopped: it shows what the run would do, and lets a person allow it once,
 * change the guard, or leave the rows as they are.
 */
export function GuardQuestion({
  syncId,
  runId,
  message,
}: {
  syncId: number;
  runId: number;
  message: string;
}) {
  const trpc = useTRPC();
  const { paths, whyNot } = useWorkspace();
  const run = useQuery(trpc.run.get.queryOptions({ id: runId }));
  const sync = useQuery(trpc.sync.get.queryOptions({ id: syncId }));
  const [allowing, setAllowing] = useState(false);
  const showRun = useShowRun();
  const allow = useAction(trpc.run.allow.mutationOptions({ onSuccess: showRun }), {
    failure: 'The run was not started.',
  });
  const { resume } = usePauseSync();
  const denied = whyNot('sync.trigger');
  // A newer run has answered the question, one way or the other.
  const isOpen = sync.data?.lastRun?.id === runId;
  if (!isOpen || !sync.data || !run.data) {
    return (
      <Callout tone="caution" title="A guard stopped the run before it sent anything">
        {message}
      </Callout>
    );
  }
  const { pause, destinationName } = sync.data;
  const words = effectWords(run.data, destinationName);
  return (
    <>
      <Callout
        tone="caution"
        title="A guard stopped the run. Should it go through?"
        actions={
          <>
            <Button
              variant="primary"
              size="sm"
              loading={allow.isPending}
              disabledReason={denied}
              onClick={() => setAllowing(true)}
            >
              <Play />
              Allow this once…
            </Button>
            <ButtonLink size="sm" href={`${paths.syncs.tab(syncId, 'configuration')}#guards`}>
              Change the guards
            </ButtonLink>
            {pause && (
              <Button
                size="sm"
                loading={resume.isPending}
                disabledReason={denied}
                onClick={() => resume.mutate({ id: syncId, catchUp: false })}
              >
                Skip this run
              </Button>
            )}
          </>
        }
      >
        <p>{message}</p>
        <p>
          It would {words}. <TextLink href={paths.runs.detail(runId)}>See the rows of run {runId}</TextLink>:
          a model that suddenly returns fewer rows, or other keys, is the usual cause.
        </p>
        {pause && (
          <p>
            The schedule waits for your answer. Skipping leaves the destination as it is and asks again when
            the next run would do the same.
          </p>
        )}
      </Callout>
      <ConfirmDialog
        open={allowing}
        onOpenChange={setAllowing}
        title={`Run ${sync.data.slug} without its guards, once?`}
        action="Run without the guards"
        loading={allow.isPending}
        onConfirm={() => {
          setAllowing(false);
          allow.mutate({ id: runId });
        }}
      >
        {run.data.kind === 'sync'
          ? 'The model is read again, and what differs is sent.'
          : 'The same rows are planned again, as they are known now.'}{' '}
        By run {runId} that would {words}. The guards stay as they are for later runs.
      </ConfirmDialog>
    </>
  );
}

/** "remove 4,000, change 12 and add 3 records at CRM". */
function effectWords({ counts }: RunView, destination: string): string {
  const verbs = { removed: 'remove', changed: 'change', added: 'add' };
  const parts = changeClasses
    .toReversed()
    .map((name) => [name, sentOf(counts, name)] as const)
    .filter(([, rows]) => rows > 0)
    .map(([name, rows]) => `${verbs[name]} ${number.format(rows)}`);
  return `${new Intl.ListFormat('en').format(parts)} records at ${destination}`;
}
