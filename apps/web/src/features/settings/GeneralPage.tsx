'use client';

import { UpdateWorkspace, type WorkspaceView } from '@sluice/domain/workspace';
import { Button } from '@sluice/ui/Button';
import { Card } from '@sluice/ui/Card';
import { CopyButton } from '@sluice/ui/CopyButton';
import { DefinitionList } from '@sluice/ui/DefinitionList';
import { SkeletonLines } from '@sluice/ui/Skeleton';
import { Time } from '@sluice/ui/Time';
import { toast } from '@sluice/ui/Toast';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { TextField } from '#form/FormFields.tsx';
import { useResourceForm } from '#form/use-resource-form.ts';
import { PageTitle } from '#shell/PageTitle.tsx';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { useTRPC } from '#trpc/client.ts';
import { ErrorCallout, ErrorViewCallout } from '#trpc/ErrorCallout.tsx';
import { RetentionForm } from './RetentionForm.tsx';
import { SshKeyCard } from './SshKeyCard.tsx';

/** Name, retention and facts of the workspace. */
export function GeneralPage() {
  const trpc = useTRPC();
  const workspace = useQuery(trpc.workspace.get.queryOptions());
  return (
    <>
      <PageTitle parts={['General', 'Settings']} />
      {workspace.isError && (
        <ErrorCallout
          error={workspace.error}
          title="The workspace could not be loaded."
          onRetry={() => void workspace.refetch()}
        />
      )}
      {workspace.isPending && <SkeletonLines lines={6} />}
      {workspace.data && (
        <div className="flex max-w-settings flex-col gap-5">
          <WorkspaceForm workspace={workspace.data} />
          <RetentionForm retention={workspace.data.retention} />
          <SshKeyCard />
          <Card title="Facts">
            <DefinitionList
              items={[
                { label: 'Organisation', value: workspace.data.organisation.name },
                {
                  label: 'Address',
                  value: (
                    <span className="inline-flex items-center gap-1 font-mono text-xs">
                      /{workspace.data.slug}
                      <CopyButton text={workspace.data.slug} label="Copy the workspace's slug" />
                    </span>
                  ),
                },
                { label: 'Created', value: <Time at={workspace.data.createdAt} /> },
              ]}
            />
          </Card>
        </div>
      )}
    </>
  );
}

function WorkspaceForm({ workspace }: { workspace: WorkspaceView }) {
  const trpc = useTRPC();
  const router = useRouter();
  const queryClient = useQueryClient();
  const { whyNot } = useWorkspace();
  const update = useMutation(trpc.workspace.update.mutationOptions());
  const { form, onSubmit, submitError, submitting } = useResourceForm({
    schema: UpdateWorkspace,
    defaultValues: { name: workspace.name },
    submit: async (values) => {
      const saved = await update.mutateAsync(values);
      queryClient.setQueryData(trpc.workspace.get.queryKey(), saved);
      form.reset({ name: saved.name });
      toast.success({ title: 'Saved the workspace.' });
      // The name is in the navigation too, which the server draws.
      router.refresh();
    },
  });
  const forbidden = whyNot('workspace.manage');
  return (
    <form onSubmit={onSubmit} noValidate>
      <Card
        title="Workspace"
        footer={
          <Button type="submit" variant="primary" loading={submitting} disabledReason={forbidden}>
            Save
          </Button>
        }
      >
        <div className="flex flex-col gap-4">
          {submitError && <ErrorViewCallout error={submitError} />}
          <TextField
            control={form.control}
            name="name"
            label="Name"
            autoComplete="off"
            readOnly={forbidden !== null}
            required
          />
        </div>
      </Card>
    </form>
  );
}
