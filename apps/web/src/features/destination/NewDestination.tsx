'use client';

import { Page } from '@sluice/ui/Page';
import { useQuery } from '@tanstack/react-query';
import { ConnectorCatalogue } from '#features/connector/ConnectorCatalogue.tsx';
import { PageTitle } from '#shell/PageTitle.tsx';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { useTRPC } from '#trpc/client.ts';
import { ErrorCallout } from '#trpc/ErrorCallout.tsx';

/** First step of connecting a destination: which kind. */
export function NewDestination() {
  const trpc = useTRPC();
  const { paths } = useWorkspace();
  const connectors = useQuery(trpc.connector.destinations.queryOptions());
  return (
    <Page title="Connect a destination" description="Which tool shall be kept up to date with your models?">
      <PageTitle parts={['Connect a destination']} />
      {connectors.error ? (
        <ErrorCallout
          error={connectors.error}
          title="The catalogue could not be loaded."
          onRetry={() => void connectors.refetch()}
        />
      ) : (
        <ConnectorCatalogue
          connectors={connectors.data}
          noun="destination"
          hrefOf={paths.destinations.newOf}
        />
      )}
    </Page>
  );
}
