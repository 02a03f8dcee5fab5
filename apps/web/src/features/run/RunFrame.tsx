'use client';

import { sumCounts } from '@sluice/domain/change';
import { pendingWords } from '@sluice/domain/pending-words';
import type { RunView } from '@sluice/domain/run';
import { Badge } from '@sluice/ui/Badge';
import { Callout } from '@sluice/ui/Callout';
import { Card } from '@sluice/ui/Card';
import { Page } from '@sluice/ui/Page';
import { SkeletonLines } from '@sluice/ui/Skeleton';
import { TabNav } from '@sluice/ui/TabNav';
import { TextLink } from '@sluice/ui/TextLink';
import { durationText, Time } from '@sluice/ui/Time';
import { useQuery } from '@tanstack/react-query';
import { Radio, RefreshCw } from 'lucide-react';
import { useSelectedLayoutSegment } from 'next/navigation';
import type { ReactNode } from 'react';
import { ReplayBar } from '#features/replay/ReplayBar.tsx';
import { ReplayProvider } from '#features/replay/ReplayContext.tsx';
import { GuardQuestion } from '#features/sync/GuardQuestion.tsx';
import { PageTitle } from '#shell/PageTitle.tsx';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { useTRPC } from '#trpc/client.ts';
import { ErrorCallout, ErrorViewCallout } from '#trpc/ErrorCallout.tsx';
import { RunActions } from './RunActions.tsx';
import { RunProvider, useFollowedRun } from './RunContext.tsx';
import { RunCounters } from './RunCounters.tsx';
import { RunProgress } from './RunProgress.tsx';
import { RunStatusBadge } from './RunStatusBadge.tsx';
import { RunTimeline } from './RunTimeline.tsx';
import { rowsQuery } from './rows-query.ts';
import { failureTitle, isRunning, triggerWords } from './run-status.ts';
import { useNow } from './use-now.ts';

const number = new Intl.NumberFormat('en');

/** The page of a run: what it is, how far it is, what became of the rows; the tabs come below. */
export function RunFrame({ id, children }: { id: number; children: ReactNode }) {
  return (
    <RunProvider id={id}>
      <ReplayProvider>
        <Frame id={id}>{children}</Frame>
      </ReplayProvider>
    </RunProvider>
  );
}

function Frame({ id, children }: { id: number; children: ReactNode }) {
  const { run, error, retry } = useFollowedRun();
  const { paths, can } = useWorkspace();
  const segment = useSelectedLayoutSegment() ?? 'rows';
  if (!run) {
    return (
      <Page width="detail" title={`Run ${id}`}>
        <PageTitle parts={[`Run ${id}`]} />
        {error ? (
          <ErrorCallout error={error} title="The run could not be loaded." onRetry={retry} />
        ) : (
          <SkeletonLines lines={10} />
        )}
      </Page>
    );
  }
  const explained = sumCounts(run.counts.rejected) + sumCounts(run.counts.uncertain);
  const flow = `${run.modelName} → ${run.destinationName}`;
  return (
    <Page
      width="detail"
      title={`Run ${run.id}`}
      status={
        <>
          <RunStatusBadge status={run.status} />
          <LiveMark />
        </>
      }
      description={<Facts run={run} flow={flow} />}
      actions={<RunActions run={run} />}
    >
      <PageTitle parts={[`Run ${run.id}`, flow]} />
      <RunProgress run={run} />
      {run.error?.code === 'run_guard' ? (
        <GuardQuestion syncId={run.syncId} runId={run.id} message={run.error.message} />
      ) : (
        run.error && <ErrorViewCallout error={run.error} title={failureTitle(run)} />
      )}
      <PendingRows run={run} />
      <div className="grid min-w-0 gap-4 lg:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]">
        <Card title="Stages">
          <RunTimeline run={run} />
        </Card>
        <Card title="Rows" description={rowsWords(run)}>
          <RunCounters
            counts={run.counts}
            hrefOf={can('run.rows') ? (filter) => `${paths.runs.detail(id)}${rowsQuery(filter)}` : null}
          />
          <WhatDeliveredMeans run={run} />
        </Card>
      </div>
      <InvalidKeys run={run} />
      <TabNav
        label="Parts of the run"
        tabs={[
          { href: paths.runs.detail(id), label: 'Rows', current: segment === 'rows' },
          {
            href: paths.runs.tab(id, 'rejected'),
            label: 'Rejected reasons',
            current: segment === 'rejected',
            ...(explained > 0 && { count: explained }),
          },
          { href: paths.runs.tab(id, 'logs'), label: 'Logs', current: segment === 'logs' },
        ]}
      />
      {children}
      <ReplayBar runId={id} />
    </Page>
  );
}

function Facts({ run, flow }: { run: RunView; flow: string }) {
  const { paths } = useWorkspace();
  const running = isRunning(run.status);
  const now = useNow(running);
  const start = run.startedAt ?? run.createdAt;
  const end = run.finishedAt ?? now;
  return (
    <p className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
      <TextLink href={paths.syncs.detail(run.syncId)}>{flow}</TextLink>
      <span>
        started {triggerWords[run.trigger]}
        {run.trigger !== 'schedule' && ` (${run.triggeredBy})`} <Time at={run.createdAt} />,
      </span>
      <span className="tabular">
        {run.finishedAt || run.startedAt
          ? `${running ? 'running for' : 'took'} ${durationText(end.getTime() - start.getTime())}`
          : `waiting for ${durationText(now.getTime() - run.createdAt.getTime())}`}
      </span>
      <KindBadge run={run} />
    </p>
  );
}

const resyncWords = { full: 'Full resync', reset: 'Reset', backfill: 'Backfill', from_now: 'From now on' };

/** What the run does, where it is not an ordinary one. */
function KindBadge({ run }: { run: RunView }) {
  const { paths } = useWorkspace();
  const { kind, selection, resync } = run;
  const label =
    kind === 'replay'
      ? 'Replay'
      : kind === 'revert'
        ? 'Revert'
        : resync === 'none'
          ? null
          : resyncWords[resync];
  return (
    <>
      {label && <Badge tone="accent">{label}</Badge>}
      {selection && <span>{selection.summary}</span>}
      {selection?.runId != null && (
        <TextLink href={paths.runs.detail(selection.runId)}>Run {selection.runId}</TextLink>
      )}
    </>
  );
}

function rowsWords({ kind, counts }: RunView): string {
  if (kind === 'sync') {
    return `${number.format(counts.queried)} read, ${number.format(counts.unchanged)} unchanged`;
  }
  const left = counts.superseded;
  if (left === 0) return 'Rows of an earlier run';
  return `Rows of an earlier run; ${number.format(left)} left alone, as something newer is known of them`;
}

function LiveMark() {
  const { connection } = useFollowedRun();
  if (connection === 'live') {
    return (
      <Badge tone="accent" icon={<Radio aria-hidden="true" />}>
        Live
      </Badge>
    );
  }
  if (connection === 'recovering') {
    return <Badge icon={<RefreshCw aria-hidden="true" className="animate-spin" />}>Reconnecting</Badge>;
  }
  return null;
}

/** Why a run that ended is not a success. */
function PendingRows({ run }: { run: RunView }) {
  const { paths } = useWorkspace();
  const words = pendingWords(run.counts);
  if (run.status !== 'warning' || words === null) return null;
  return (
    <Callout tone="caution" title={`Not all rows were delivered: ${words}`}>
      {sumCounts(run.counts.held) + sumCounts(run.counts.uncertain) > 0 && (
        <>
          <TextLink href={paths.syncs.tab(run.syncId, 'doubts')}>
            Say what became of the rows in doubt
          </TextLink>
          , if you know: otherwise they are sent again or held, as the sync says.{' '}
        </>
      )}
      {sumCounts(run.counts.rejected) + sumCounts(run.counts.notAttempted) > 0 &&
        'The next run tries rejected rows again, with the values they have then.'}
    </Callout>
  );
}

function InvalidKeys({ run }: { run: RunView }) {
  const { nullKeys, duplicateKeys } = run.counts;
  if (nullKeys + duplicateKeys === 0) return null;
  return (
    <Callout
      tone="caution"
      title={`${number.format(nullKeys + duplicateKeys)} rows were not sent: their primary key is not usable`}
    >
      {number.format(nullKeys)} have no primary key, {number.format(duplicateKeys)} share theirs with another
      row. The key check of the model shows examples: filter them out there, or choose another primary key.
    </Callout>
  );
}

/** Where a destination answers with counts alone, a delivered row is one that it took. */
function WhatDeliveredMeans({ run }: { run: RunView }) {
  const trpc = useTRPC();
  const connectors = useQuery(trpc.connector.destinations.queryOptions());
  const words = connectors.data?.find(({ slug }) => slug === run.destinationType)?.countsOnly;
  if (words === undefined) return null;
  return (
    <p className="mt-3 text-muted text-xs">
      <span className="font-medium text-ink">Delivered</span> means here: {words}.
    </p>
  );
}
