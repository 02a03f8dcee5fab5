'use client';

import type { DbtProjectView } from '@sluice/domain/dbt-project';
import { Button } from '@sluice/ui/Button';
import { Dialog } from '@sluice/ui/Dialog';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useId } from 'react';
import { TextField } from '#form/FormFields.tsx';
import { useResourceForm } from '#form/use-resource-form.ts';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { useTRPC } from '#trpc/client.ts';
import { ErrorViewCallout } from '#trpc/ErrorCallout.tsx';
import { DbtProjectForm, headerOf } from './dbt-project-form.ts';

/** Adds a dbt project to a source and opens its page, or changes the given one. */
export function DbtProjectDialog({
  sourceId,
  project = null,
  open,
  onClose,
}: {
  sourceId: number;
  project?: DbtProjectView | null;
  open: boolean;
  onClose: () => void;
}) {
  const id = useId();
  const trpc = useTRPC();
  const router = useRouter();
  const { paths } = useWorkspace();
  const queryClient = useQueryClient();
  const create = useMutation(trpc.dbtProject.create.mutationOptions());
  const update = useMutation(trpc.dbtProject.update.mutationOptions());
  const { form, onSubmit, submitError, submitting } = useResourceForm({
    schema: DbtProjectForm,
    defaultValues: {
      name: project?.name ?? '',
      url: project?.url ?? '',
      headerName: project?.headerName ?? '',
      headerValue: '',
    },
    submit: async (values) => {
      const { name } = values;
      const url = values.url === '' ? null : values.url;
      const header = headerOf(values, project?.headerName ?? null);
      if (project) await update.mutateAsync({ id: project.id, name, url, header });
      else {
        const made = await create.mutateAsync({ name, sourceId, url, header: header ?? null });
        router.push(paths.sources.dbt(sourceId, made.id));
      }
      await queryClient.invalidateQueries({ queryKey: trpc.dbtProject.pathKey() });
      onClose();
    },
  });
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={project ? `Edit ${project.name}` : 'Add a dbt project'}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={id} variant="primary" loading={submitting}>
            {project ? 'Save' : 'Add project'}
          </Button>
        </>
      }
    >
      <form id={id} onSubmit={onSubmit} noValidate className="flex flex-col gap-4">
        {submitError && <ErrorViewCallout error={submitError} />}
        <TextField
          control={form.control}
          name="name"
          label="Name"
          placeholder="Shop"
          autoComplete="off"
          required
        />
        <TextField
          control={form.control}
          name="url"
          label="Address of the manifest"
          type="url"
          placeholder="https://git.example.com/shop/raw/main/target/manifest.json"
          help="Leave it empty when a job sends the manifest, or when you choose the file here."
          autoComplete="off"
          optional
        />
        <div className="grid items-start gap-4 sm:grid-cols-2">
          <TextField
            control={form.control}
            name="headerName"
            label="Header"
            placeholder="Authorization"
            help="For an address that is not public."
            autoComplete="off"
            optional
          />
          <TextField
            control={form.control}
            name="headerValue"
            label="Its value"
            type="password"
            placeholder={project?.headerName ? '••••••••' : 'Bearer …'}
            help={
              project?.headerName
                ? 'Leave it empty to keep what is set. Another host needs it again.'
                : 'Kept encrypted, and never shown again.'
            }
            autoComplete="off"
            optional
          />
        </div>
      </form>
    </Dialog>
  );
}
