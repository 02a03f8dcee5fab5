'use client';

import { CreateWorkspace } from '@sluice/domain/workspace';
import { Button } from '@sluice/ui/Button';
import { Dialog } from '@sluice/ui/Dialog';
import { useMutation } from '@tanstack/react-query';
import { useId } from 'react';
import { TextField } from '#form/FormFields.tsx';
import { useResourceForm } from '#form/use-resource-form.ts';
import { workspacePaths } from '#paths.ts';
import { useTRPC } from '#trpc/client.ts';
import { ErrorViewCallout } from '#trpc/ErrorCallout.tsx';

export function CreateWorkspaceDialog({
  open,
  onOpenChange,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const id = useId();
  const trpc = useTRPC();
  const create = useMutation(trpc.workspace.create.mutationOptions());
  const { form, onSubmit, submitError, submitting } = useResourceForm({
    schema: CreateWorkspace,
    defaultValues: { name: '' },
    submit: async (values) => {
      const workspace = await create.mutateAsync(values);
      window.location.assign(workspacePaths(workspace.slug).start);
    },
  });
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Create a workspace"
      description="A workspace has its own sources, models, destinations, syncs and members. You become its admin."
      width="sm"
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button type="submit" form={id} variant="primary" loading={submitting}>
            Create workspace
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
          placeholder="Marketing"
          autoComplete="off"
          required
        />
      </form>
    </Dialog>
  );
}
