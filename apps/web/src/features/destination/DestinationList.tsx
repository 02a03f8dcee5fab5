'use client';

import { useQuery } from '@tanstack/react-query';
import { Send } from 'lucide-react';
import { ConnectionList } from '#features/connector/ConnectionList.tsx';
import { PageTitle } from '#shell/PageTitle.tsx';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { useTRPC } from '#trpc/client.ts';
import { RemoveDestinationDialog } from './RemoveDestinationDialog.tsx';

/** The destinations of the workspace. */
export function DestinationList() {
  const trpc = useTRPC();
  const { paths, whyNot } = useWorkspace();
  const destinations = useQuery(trpc.destination.list.queryOptions());
  const connectors = useQuery(trpc.connector.destinations.queryOptions());
  return (
    <>
      <PageTitle parts={['Destinations']} />
      <ConnectionList
        noun="destination"
        title="Destinations"
        description="Tools that syncs keep up to date."
        query={destinations}
        connectors={connectors.data}
        paths={paths.destinations}
        usedBy={{ header: 'Syncs', count: (destination) => destination.syncs.length }}
        writeDisabled={whyNot('destination.write')}
        emptyState={{
          icon: <Send />,
          title: 'Connect your first destination',
          text: 'A destination is what your rows are sent to: a CRM, a marketing tool, a database, files, or any HTTP API.',
          action: 'Connect a destination',
        }}
        removeDialog={(destination, onClose) => (
          <RemoveDestinationDialog destination={destination} onClose={onClose} />
        )}
      />
    </>
  );
}
