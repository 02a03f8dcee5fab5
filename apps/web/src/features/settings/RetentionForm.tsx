'use client';

import { Retention, retentionPartNames, retentionParts } from '@sluice/domain/retention';
import { Button } from '@sluice/ui/Button';
import { Card } from '@sluice/ui/Card';
import { toast } from '@sluice/ui/Toast';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { TextField } from '#form/FormFields.tsx';
import { useResourceForm } from '#form/use-resource-form.ts';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { useTRPC } from '#trpc/client.ts';
import { ErrorViewCallout } from '#trpc/ErrorCallout.tsx';

/** For how many days what is kept, part by part. */
export function RetentionForm({ retention }: { retention: Retention }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { whyNot } = useWorkspace();
  const update = useMutation(trpc.workspace.update.mutationOptions());
  const { form, onSubmit, submitError, submitting } = useResourceForm({
    schema: Retention,
    defaultValues: retention,
    submit: async (values) => {
      const saved = await update.mutateAsync({ retention: values });
      queryClient.setQueryData(trpc.workspace.get.queryKey(), saved);
      form.reset(saved.retention);
      toast.success({ title: 'Saved the retention.' });
    },
  });
  const forbidden = whyNot('workspace.manage');
  return (
    <form onSubmit={onSubmit} noValidate>
      <Card
        title="Retention"
        description="What is older is removed, every hour. What a destination is known to hold is kept for ever, also for a sync that has not run for years; so are sources, models, destinations, syncs and the audit log."
        footer={
          <Button type="submit" variant="primary" loading={submitting} disabledReason={forbidden}>
            Save retention
          </Button>
        }
      >
        <div className="flex flex-col gap-4">
          {submitError && <ErrorViewCallout error={submitError} />}
          {retentionPartNames.map((part) => (
            <TextField
              key={part}
              control={form.control}
              name={part}
              label={retentionParts[part].label}
              help={retentionParts[part].help}
              type="number"
              min={1}
              max={3650}
              suffix={<span className="pr-2">days</span>}
              readOnly={forbidden !== null}
              required
            />
          ))}
        </div>
      </Card>
    </form>
  );
}
