'use client';

import { Button } from '@sluice/ui/Button';
import { Select } from '@sluice/ui/Select';
import { SkeletonLines } from '@sluice/ui/Skeleton';
import { TextLink } from '@sluice/ui/TextLink';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { useTRPC } from '#trpc/client.ts';
import { ErrorCallout } from '#trpc/ErrorCallout.tsx';
import { DbtNodes } from './DbtNodes.tsx';

interface Chosen {
  projectId: number;
  uniqueId: string;
}

/** Picks a dbt model of one of the source's dbt projects. */
export function DbtNodePicker({
  sourceId,
  value,
  onChange,
}: {
  sourceId: number;
  value: Chosen | null;
  onChange: (chosen: Chosen) => void;
}) {
  const trpc = useTRPC();
  const { paths } = useWorkspace();
  const projects = useQuery(trpc.dbtProject.list.queryOptions({ sourceId }));
  const [wanted, setWanted] = useState<number | null>(value?.projectId ?? null);
  if (projects.error != null)
    return <ErrorCallout error={projects.error} onRetry={() => void projects.refetch()} />;
  if (!projects.data) return <SkeletonLines lines={6} label="Reading the dbt projects…" />;
  const project = projects.data.find(({ id }) => id === wanted) ?? projects.data[0];
  if (!project) {
    return (
      <p className="rounded-lg border border-dashed px-4 py-5 text-muted text-sm">
        This source has no dbt project yet. Add one{' '}
        <TextLink href={`${paths.sources.detail(sourceId)}?tab=used`}>on its page</TextLink>, and its models
        can be picked here.
      </p>
    );
  }
  return (
    <div className="flex min-w-0 flex-col gap-3">
      {projects.data.length > 1 && (
        <Select
          aria-label="dbt project"
          value={String(project.id)}
          onChange={(id) => setWanted(Number(id))}
          options={projects.data.map(({ id, name }) => ({ value: String(id), label: name }))}
        />
      )}
      <div className="max-h-128 overflow-y-auto rounded-lg border p-3">
        <DbtNodes
          key={project.id}
          projectId={project.id}
          isSelected={(node) => isChosen(value, project.id, node.uniqueId)}
          action={(node) => {
            const chosen = isChosen(value, project.id, node.uniqueId);
            return (
              <Button
                size="sm"
                variant="ghost"
                aria-label={`${chosen ? 'Chosen' : 'Choose'} ${node.name}`}
                disabledReason={node.problem}
                onClick={() => onChange({ projectId: project.id, uniqueId: node.uniqueId })}
              >
                {chosen ? 'Chosen' : 'Choose'}
              </Button>
            );
          }}
        />
      </div>
    </div>
  );
}

const isChosen = (value: Chosen | null, projectId: number, uniqueId: string): boolean =>
  value?.projectId === projectId && value.uniqueId === uniqueId;
