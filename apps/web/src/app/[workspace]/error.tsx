'use client';

import { Page } from '@sluice/ui/Page';
import { ErrorCallout } from '#trpc/ErrorCallout.tsx';

/** What stands in for a page that failed while it was drawn; the navigation around it stays. */
export default function WorkspaceError({ error, reset }: { error: Error; reset: () => void }) {
  return (
    <Page title="This page could not be shown" width="settings">
      <ErrorCallout error={error} onRetry={reset} />
    </Page>
  );
}
