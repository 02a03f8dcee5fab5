'use client';

import { ButtonLink } from '@sluice/ui/Button';
import { Page } from '@sluice/ui/Page';
import { SkeletonLines } from '@sluice/ui/Skeleton';
import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { PageTitle } from '#shell/PageTitle.tsx';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { useTRPC } from '#trpc/client.ts';
import { ErrorCallout } from '#trpc/ErrorCallout.tsx';
import { Activity } from './Activity.tsx';
import { Attention } from './Attention.tsx';
import { GettingStarted } from './GettingStarted.tsx';
import { RecentRuns } from './RecentRuns.tsx';

/** What one sees first: the next step, what needs attention, and whether rows flow. */
export function StartPage() {
  const trpc = useTRPC();
  const { name, can, paths } = useWorkspace();
  const overview = useQuery(trpc.workspace.overview.queryOptions(undefined, { refetchInterval: 5_000 }));
  return (
    <Page
      title={name}
      width="detail"
      actions={
        can('sync.write') && (
          <ButtonLink href={paths.syncs.new}>
            <Plus aria-hidden="true" />
            Create sync
          </ButtonLink>
        )
      }
    >
      <PageTitle parts={['Start']} />
      {overview.isError && (
        <ErrorCallout
          error={overview.error}
          title="The overview could not be loaded."
          onRetry={() => void overview.refetch()}
        />
      )}
      {overview.isPending && <SkeletonLines lines={9} />}
      {overview.data && (
        <div className="flex flex-col gap-6">
          <GettingStarted steps={overview.data.steps} />
          <Attention items={overview.data.attention} />
          <Activity days={overview.data.activity} />
          <RecentRuns />
        </div>
      )}
    </Page>
  );
}
