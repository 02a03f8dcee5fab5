'use client';

import type { DbtProjectView } from '@sluice/domain/dbt-project';
import { IconButton } from '@sluice/ui/Button';
import { Card } from '@sluice/ui/Card';
import { ConfirmDialog } from '@sluice/ui/ConfirmDialog';
import { DefinitionList } from '@sluice/ui/DefinitionList';
import { Menu, MenuItem, MenuSeparator } from '@sluice/ui/Menu';
import { Page } from '@sluice/ui/Page';
import { SkeletonLines } from '@sluice/ui/Skeleton';
import { TextLink } from '@sluice/ui/TextLink';
import { Time } from '@sluice/ui/Time';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Ellipsis, Pencil, Trash2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { CopyIdItem } from '#features/list/RowMenu.tsx';
import { useRemoved } from '#features/list/use-removed.ts';
import { PageTitle } from '#shell/PageTitle.tsx';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { useTRPC } from '#trpc/client.ts';
import { ErrorCallout } from '#trpc/ErrorCallout.tsx';
import { DbtBuild } from './DbtBuild.tsx';
import { DbtNodes } from './DbtNodes.tsx';
import { DbtProjectDialog } from './DbtProjectDialog.tsx';
import { ManifestChanges } from './ManifestChanges.tsx';
import { TakeManifest } from './TakeManifest.tsx';

/** A dbt project: its newest manifest, what that changed, its models and who follows them. */
export function DbtProjectPage({ id }: { id: number }) {
  const trpc = useTRPC();
  const { paths } = useWorkspace();
  const query = useQuery(trpc.dbtProject.get.queryOptions({ id }));
  const project = query.data;
  if (!project) {
    return (
      <Page title="dbt project">
        <PageTitle parts={['dbt project']} />
        {query.error ? (
          <ErrorCallout
            error={query.error}
            title="The dbt project could not be loaded."
            onRetry={() => void query.refetch()}
          />
        ) : (
          <SkeletonLines lines={8} />
        )}
      </Page>
    );
  }
  const { manifest } = project;
  return (
    <Page
      title={project.name}
      description={
        <p>
          A dbt project that builds in{' '}
          <TextLink href={paths.sources.detail(project.sourceId)}>{project.sourceName}</TextLink>, slug{' '}
          <code className="font-mono text-ink text-xs">{project.slug}</code>
        </p>
      }
      actions={<ProjectMenu project={project} />}
    >
      <PageTitle parts={[project.name, 'dbt']} />
      <Card title={manifest ? 'Manifest' : 'Send the first manifest'}>
        <div className="flex flex-col gap-4">
          {manifest && (
            <DefinitionList
              items={[
                {
                  label: 'Taken',
                  value: (
                    <>
                      <Time at={manifest.takenAt} /> by {manifest.takenBy}
                    </>
                  ),
                },
                {
                  label: 'Written by dbt',
                  value: (
                    <>
                      {manifest.generatedAt ? <Time at={manifest.generatedAt} /> : 'unknown'}, dbt{' '}
                      {manifest.dbtVersion ?? 'unknown'}
                      {manifest.adapter && `, ${manifest.adapter}`}
                    </>
                  ),
                },
                ...(project.url ? [{ label: 'Fetched from', value: <code>{project.url}</code> }] : []),
              ]}
            />
          )}
          <TakeManifest project={project} />
          <p className="text-faint text-xs">
            A job sends it by itself after each build:{' '}
            <code className="break-words font-mono">
              sluice dbt push --project {project.slug} --target target/ --trigger
            </code>
          </p>
        </div>
      </Card>
      {manifest && (
        <div className="grid items-start gap-4 lg:grid-cols-2">
          <Card title="What it changed">
            <ManifestChanges report={manifest.report} />
          </Card>
          <Card title="Newest build">
            <DbtBuild build={project.lastBuild} />
          </Card>
        </div>
      )}
      {manifest && (
        <Card title={`dbt models (${project.nodes.toLocaleString('en')})`}>
          <DbtNodes projectId={id} action={(node) => <Followers models={node.models} />} />
        </Card>
      )}
    </Page>
  );
}

function Followers({
  models,
}: {
  models: DbtProjectView['models'][number][] | { id: number; name: string }[];
}) {
  const { paths } = useWorkspace();
  if (models.length === 0) return null;
  return (
    <ul className="flex shrink-0 flex-col items-end text-sm">
      {models.map(({ id, name }) => (
        <li key={id}>
          <TextLink href={paths.models.detail(id)}>{name}</TextLink>
        </li>
      ))}
    </ul>
  );
}

function ProjectMenu({ project }: { project: DbtProjectView }) {
  const trpc = useTRPC();
  const router = useRouter();
  const { paths, whyNot } = useWorkspace();
  const [open, setOpen] = useState<'edit' | 'remove' | null>(null);
  const close = () => setOpen(null);
  const remove = useMutation(
    trpc.dbtProject.remove.mutationOptions(
      useRemoved(project.name, [trpc.dbtProject.list.queryKey()], {
        onClose: close,
        onRemoved: () => router.push(`${paths.sources.detail(project.sourceId)}?tab=used`),
      }),
    ),
  );
  const disabled = whyNot('model.write');
  return (
    <>
      <Menu
        label={`Actions for ${project.name}`}
        trigger={
          <IconButton label="More actions" variant="secondary">
            <Ellipsis />
          </IconButton>
        }
      >
        <CopyIdItem id={project.id} />
        <MenuItem icon={<Pencil />} disabledReason={disabled} onSelect={() => setOpen('edit')}>
          Edit…
        </MenuItem>
        <MenuSeparator />
        <MenuItem
          icon={<Trash2 />}
          tone="danger"
          disabledReason={disabled}
          onSelect={() => setOpen('remove')}
        >
          Remove…
        </MenuItem>
      </Menu>
      {open === 'edit' && (
        <DbtProjectDialog sourceId={project.sourceId} project={project} open onClose={close} />
      )}
      <ConfirmDialog
        open={open === 'remove'}
        onOpenChange={(next) => !next && close()}
        title={`Remove ${project.name}?`}
        action="Remove dbt project"
        loading={remove.isPending}
        error={<ErrorCallout error={remove.error} />}
        onConfirm={() => remove.mutate({ id: project.id })}
      >
        Its dbt models can no longer be picked. Nothing changes in dbt or in the warehouse. Models that follow
        it have to be changed or removed first.
      </ConfirmDialog>
    </>
  );
}
