'use client';

import type { DbtProjectView } from '@sluice/domain/dbt-project';
import { Button } from '@sluice/ui/Button';
import { DataTable, type TableColumn } from '@sluice/ui/DataTable';
import { EmptyState } from '@sluice/ui/EmptyState';
import { Section } from '@sluice/ui/Page';
import { Time } from '@sluice/ui/Time';
import { useQuery } from '@tanstack/react-query';
import { Boxes, Plus } from 'lucide-react';
import { useState } from 'react';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { useTRPC } from '#trpc/client.ts';
import { ErrorCallout } from '#trpc/ErrorCallout.tsx';
import { DbtProjectDialog } from './DbtProjectDialog.tsx';

const columns: TableColumn<DbtProjectView>[] = [
  { id: 'name', header: 'dbt project', grow: true, cell: ({ name }) => name },
  { id: 'nodes', header: 'dbt models', align: 'end', cell: ({ nodes }) => nodes.toLocaleString('en') },
  { id: 'models', header: 'Followed by', align: 'end', cell: ({ models }) => models.length },
  {
    id: 'manifest',
    header: 'Manifest',
    cell: ({ manifest }) =>
      manifest ? <Time at={manifest.takenAt} /> : <span className="text-faint">none yet</span>,
  },
];

/** The dbt projects that build in a source. */
export function DbtProjects({ sourceId }: { sourceId: number }) {
  const trpc = useTRPC();
  const { paths, whyNot } = useWorkspace();
  const [adding, setAdding] = useState(false);
  const projects = useQuery(trpc.dbtProject.list.queryOptions({ sourceId }));
  const add = (
    <Button onClick={() => setAdding(true)} disabledReason={whyNot('model.write')}>
      <Plus />
      Add a dbt project
    </Button>
  );
  return (
    <Section
      title="dbt"
      description="Models can follow what dbt builds here, also when it is renamed there."
      actions={projects.data && projects.data.length > 0 ? add : undefined}
    >
      {projects.error != null && (
        <ErrorCallout error={projects.error} onRetry={() => void projects.refetch()} />
      )}
      {projects.data?.length === 0 ? (
        <EmptyState icon={<Boxes />} title="Add a dbt project" action={add}>
          Send its manifest.json after each build. Its models can then be picked instead of writing SQL, and
          their syncs can start when the build has worked.
        </EmptyState>
      ) : (
        projects.error == null && (
          <DataTable
            label="dbt projects of this source"
            rows={projects.data}
            rowKey={({ id }) => id}
            rowHref={({ id }) => paths.sources.dbt(sourceId, id)}
            columns={columns}
          />
        )
      )}
      <DbtProjectDialog sourceId={sourceId} open={adding} onClose={() => setAdding(false)} />
    </Section>
  );
}
