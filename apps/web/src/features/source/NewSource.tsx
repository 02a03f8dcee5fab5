'use client';

import { Page } from '@sluice/ui/Page';
import { useQuery } from '@tanstack/react-query';
import { ConnectorCatalogue } from '#features/connector/ConnectorCatalogue.tsx';
import { PageTitle } from '#shell/PageTitle.tsx';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { useTRPC } from '#trpc/client.ts';
import { ErrorCallout } from '#trpc/ErrorCallout.tsx';

/** First step of connecting a source: which kind. */
export function NewSource() {
  const trpc = useTRPC();
  const { paths } = useWorkspace();
  const connectors = useQuery(trpc.connector.sources.queryOptions());
  return (
    <Page
      title="Connect a source"
      description="Where do the rows come from? Sluice reads with the rights you give it, and writes nothing there."
    >
      <PageTitle parts={['Connect a source']} />
      {connectors.error ? (
        <ErrorCallout
          error={connectors.error}
          title="The catalogue could not be loaded."
          onRetry={() => void connectors.refetch()}
        />
      ) : (
        <ConnectorCatalogue connectors={connectors.data} noun="source" hrefOf={paths.sources.newOf} />
      )}
    </Page>
  );
}
