'use client';

import { sumCounts } from '@sluice/domain/change';
import { Button, ButtonLink } from '@sluice/ui/Button';
import { SkeletonLines } from '@sluice/ui/Skeleton';
import { TextLink } from '@sluice/ui/TextLink';
import { useQuery } from '@tanstack/react-query';
import { CircleCheck, Download, RotateCw } from 'lucide-react';
import { useState } from 'react';
import { ReplaySheet } from '#features/replay/ReplaySheet.tsx';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { useTRPC } from '#trpc/client.ts';
import { ErrorCallout } from '#trpc/ErrorCallout.tsx';
import { outcomeWords } from './outcome-words.tsx';
import { useFollowedRun } from './RunContext.tsx';
import { rowsQuery } from './rows-query.ts';
import { isRunning } from './run-status.ts';

const number = new Intl.NumberFormat('en');

/** Rejected rows, and rows in doubt, by reason, most frequent first; each leads to its rows. */
export function RunReasons() {
  const trpc = useTRPC();
  const { run } = useFollowedRun();
  const { paths, can, whyNot } = useWorkspace();
  const [replaying, setReplaying] = useState<{ reasons?: string[] } | null>(null);
  const reasons = useQuery({
    ...trpc.run.reasons.queryOptions({ runId: run?.id ?? 0 }),
    enabled: run !== undefined,
    refetchInterval: run && isRunning(run.status) ? 4000 : false,
  });
  if (!run) return null;
  if (reasons.error) {
    return (
      <ErrorCallout
        error={reasons.error}
        title="The reasons could not be loaded."
        onRetry={() => void reasons.refetch()}
      />
    );
  }
  if (!reasons.data) return <SkeletonLines lines={4} />;
  if (reasons.data.length === 0) {
    return (
      <p className="flex items-center gap-2 py-6 text-muted text-sm">
        <CircleCheck aria-hidden="true" className="size-4 text-positive" />
        {isRunning(run.status)
          ? 'No row was rejected or is in doubt so far.'
          : 'No row was rejected, and none is in doubt.'}
      </p>
    );
  }
  const total = sumCounts(run.counts.rejected) + sumCounts(run.counts.uncertain);
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <p className="text-muted text-sm">
          The next run tries these rows again, with the values they have then.
        </p>
        {can('run.rows') && (
          <div className="flex flex-wrap items-center gap-2">
            <a
              href={paths.runs.rejectedCsv(run.id)}
              download
              className="focus-ring inline-flex items-center gap-1.5 rounded-md px-2 py-1 font-medium text-accent text-sm hover:bg-hover"
            >
              <Download aria-hidden="true" className="size-4" />
              Rejected rows as CSV
            </a>
            {!isRunning(run.status) && (
              <Button disabledReason={whyNot('sync.trigger')} onClick={() => setReplaying({})}>
                <RotateCw />
                Replay all…
              </Button>
            )}
          </div>
        )}
      </div>
      <ul className="flex flex-col divide-y rounded-lg border bg-surface shadow-raised">
        {reasons.data.map((reason) => (
          <li
            key={`${reason.outcome}.${reason.reason}`}
            className="flex flex-wrap items-start justify-between gap-x-6 gap-y-2 px-4 py-3"
          >
            <div className="min-w-0 flex-1">
              <p className="wrap-anywhere font-medium text-ink text-sm">{reason.message}</p>
              <p className="wrap-anywhere text-faint text-xs">
                {outcomeWords[reason.outcome].label} · {reason.code}
                {can('run.rows') && reason.examples.length > 0 && (
                  <>
                    {' '}
                    · for example <span className="font-mono">{reason.examples.join(', ')}</span>
                  </>
                )}
              </p>
            </div>
            <div className="flex items-center gap-3">
              <span className="tabular text-right font-semibold text-ink">
                {number.format(reason.count)}
                {total > 0 && (
                  <span className="ml-1.5 font-normal text-faint text-xs">
                    {Math.round((reason.count / total) * 100)} %
                  </span>
                )}
              </span>
              {can('run.rows') && !isRunning(run.status) && (
                <Button
                  size="sm"
                  disabledReason={whyNot('sync.trigger')}
                  onClick={() => setReplaying({ reasons: [reason.reason] })}
                >
                  Replay…
                </Button>
              )}
              {can('run.rows') && (
                <ButtonLink
                  size="sm"
                  href={`${paths.runs.detail(run.id)}${rowsQuery({ outcome: reason.outcome, reason: reason.reason })}`}
                >
                  Show rows
                </ButtonLink>
              )}
            </div>
          </li>
        ))}
      </ul>
      <p className="text-faint text-xs">
        Fix the cause in the model, in the mapping of the{' '}
        <TextLink href={paths.syncs.tab(run.syncId, 'configuration')}>sync</TextLink>, or at the destination,
        and run again: only these rows and new changes are sent. A replay sends them now, as the run read
        them.
      </p>
      {replaying && (
        <ReplaySheet
          title={
            replaying.reasons ? 'Replay rows with this reason' : 'Replay rejected rows and rows in doubt'
          }
          input={{
            runId: run.id,
            rows: { which: 'failed', ...replaying },
            corrections: [],
            ignoreGuards: false,
          }}
          onClose={() => setReplaying(null)}
        />
      )}
    </div>
  );
}
