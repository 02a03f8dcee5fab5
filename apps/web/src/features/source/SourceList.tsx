'use client';

import { useQuery } from '@tanstack/react-query';
import { Database } from 'lucide-react';
import { ConnectionList } from '#features/connector/ConnectionList.tsx';
import { PageTitle } from '#shell/PageTitle.tsx';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { useTRPC } from '#trpc/client.ts';
import { RemoveSourceDialog } from './RemoveSourceDialog.tsx';

/** The sources of the workspace. */
export function SourceList() {
  const trpc = useTRPC();
  const { paths, whyNot } = useWorkspace();
  const sources = useQuery(trpc.source.list.queryOptions());
  const connectors = useQuery(trpc.connector.sources.queryOptions());
  return (
    <>
      <PageTitle parts={['Sources']} />
      <ConnectionList
        noun="source"
        title="Sources"
        description="Databases and warehouses that models read from."
        query={sources}
        connectors={connectors.data}
        paths={paths.sources}
        usedBy={{ header: 'Models', count: (source) => source.models.length }}
        writeDisabled={whyNot('source.write')}
        emptyState={{
          icon: <Database />,
          title: 'Connect your first source',
          text: 'A source is a database or warehouse. Sluice reads rows from it with a SELECT, and writes nothing to it. The sample data needs no credentials.',
          action: 'Connect a source',
        }}
        removeDialog={(source, onClose) => <RemoveSourceDialog source={source} onClose={onClose} />}
      />
    </>
  );
}
