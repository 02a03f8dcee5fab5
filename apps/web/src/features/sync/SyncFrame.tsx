'use client';

import { overdueSince } from '@sluice/domain/missed-schedule';
import type { SyncView } from '@sluice/domain/sync';
import { isHeld } from '@sluice/domain/sync-health';
import { syncModes } from '@sluice/domain/sync-mode';
import { Callout } from '@sluice/ui/Callout';
import { Page } from '@sluice/ui/Page';
import { SkeletonLines } from '@sluice/ui/Skeleton';
import { TabNav } from '@sluice/ui/TabNav';
import { TextLink } from '@sluice/ui/TextLink';
import { Time } from '@sluice/ui/Time';
import { useQuery } from '@tanstack/react-query';
import { useSelectedLayoutSegment } from 'next/navigation';
import { createContext, type ReactNode, useContext } from 'react';
import { PageTitle } from '#shell/PageTitle.tsx';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { useTRPC } from '#trpc/client.ts';
import { ErrorCallout } from '#trpc/ErrorCallout.tsx';
import { MissedCallout } from './MissedSchedules.tsx';
import { PauseCallout } from './PauseCallout.tsx';
import { SyncActions } from './SyncActions.tsx';
import { SyncStatusBadge } from './SyncStatusBadge.tsx';
import { scheduleWords } from './schedule-words.ts';

const number = new Intl.NumberFormat('en');
const running = new Set(['queued', 'querying', 'processing', 'reporting']);
const Current = createContext<SyncView | null>(null);

/** The sync of the page. Throws outside of one. */
export function useCurrentSync(): SyncView {
  const sync = useContext(Current);
  if (!sync) throw new Error('useCurrentSync needs a SyncFrame above it.');
  return sync;
}

/** The page of a sync: what goes where, its state and its actions; the tabs come below. */
export function SyncFrame({ id, children }: { id: number; children: ReactNode }) {
  const trpc = useTRPC();
  const { paths } = useWorkspace();
  const segment = useSelectedLayoutSegment() ?? 'runs';
  const query = useQuery({
    ...trpc.sync.get.queryOptions({ id }),
    refetchInterval: (state) => (running.has(state.state.data?.status ?? '') ? 2000 : 15_000),
  });
  const sync = query.data;
  if (!sync) {
    return (
      <Page width="detail" title="Sync">
        <PageTitle parts={['Sync']} />
        {query.error ? (
          <ErrorCallout
            error={query.error}
            title="The sync could not be loaded."
            onRetry={() => void query.refetch()}
          />
        ) : (
          <SkeletonLines lines={8} />
        )}
      </Page>
    );
  }
  const { configuration } = sync;
  const isRequest = configuration.object === 'request';
  const now = new Date();
  return (
    <Page
      width="detail"
      title={
        <>
          {sync.modelName} <span className="font-normal text-faint">→</span> {sync.destinationName}
        </>
      }
      status={<SyncStatusBadge sync={sync} />}
      description={
        <>
          <p>
            <TextLink href={paths.models.detail(sync.modelId)}>{sync.modelName}</TextLink> on{' '}
            {sync.sourceName} to{' '}
            <TextLink href={paths.destinations.detail(sync.destinationId)}>{sync.destinationName}</TextLink>
            {!isRequest && `, ${configuration.object}`}. {syncModes[configuration.mode].label}
            {sync.ledgerRows > 0 && `, ${heldWords(sync)}`}.
          </p>
          <p>
            {scheduleWords(sync.schedule)}
            {sync.nextRunAt && !isHeld(sync.pause, now) && (
              <>
                , {overdueSince(sync, now) ? 'a run was due' : 'next run'} <Time at={sync.nextRunAt} />
              </>
            )}
            {' · '}Slug <code className="font-mono text-ink text-xs">{sync.slug}</code>, ID {sync.id}.
          </p>
        </>
      }
      actions={<SyncActions sync={sync} />}
      tabs={
        <TabNav
          label="Parts of the sync"
          tabs={[
            { href: paths.syncs.detail(id), label: 'Runs', current: segment === 'runs' },
            {
              href: paths.syncs.tab(id, 'configuration'),
              label: 'Configuration',
              current: segment === 'configuration',
            },
            { href: paths.syncs.tab(id, 'schedule'), label: 'Schedule', current: segment === 'schedule' },
            ...(sync.doubtRows > 0 || segment === 'doubts'
              ? [
                  {
                    href: paths.syncs.tab(id, 'doubts'),
                    label: 'In doubt',
                    count: sync.doubtRows,
                    current: segment === 'doubts',
                  },
                ]
              : []),
          ]}
        />
      }
    >
      <PageTitle parts={[`${sync.modelName} → ${sync.destinationName}`, 'Syncs']} />
      {query.error && <ErrorCallout error={query.error} onRetry={() => void query.refetch()} />}
      {sync.pendingResync === 'full' && (
        <Callout tone="caution" title="The next run is a full resync">
          What the destination holds is no longer known for sure, because the primary key, the match key, the
          object or the destination itself was changed. All rows of the model are sent again.
        </Callout>
      )}
      <PauseCallout sync={sync} />
      <MissedCallout sync={sync} />
      <Current value={sync}>{children}</Current>
    </Page>
  );
}

function heldWords({ ledgerRows, doubtRows }: SyncView): string {
  const words = `${number.format(ledgerRows - doubtRows)} rows delivered so far`;
  return doubtRows === 0 ? words : `${words}, ${number.format(doubtRows)} in doubt`;
}
