'use client';

import { ButtonLink } from '@sluice/ui/Button';
import { EmptyState } from '@sluice/ui/EmptyState';
import { Page } from '@sluice/ui/Page';
import { ScrollText } from 'lucide-react';
import { PageTitle } from '#shell/PageTitle.tsx';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { RunBrowser } from './RunBrowser.tsx';

/** All runs of the workspace. */
export function RunList() {
  const { paths } = useWorkspace();
  return (
    <Page title="Runs" description="What every sync did, row by row.">
      <PageTitle parts={['Runs']} />
      <RunBrowser
        syncId={null}
        firstUse={
          <EmptyState
            icon={<ScrollText />}
            title="Run a sync"
            action={
              <ButtonLink variant="primary" href={paths.syncs.list}>
                Go to the syncs
              </ButtonLink>
            }
          >
            Each run shows what it planned, what the destination confirmed, and why rows were refused.
          </EmptyState>
        }
      />
    </Page>
  );
}
