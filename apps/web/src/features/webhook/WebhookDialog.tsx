'use client';

import type { WebhookView } from '@sluice/domain/webhook';
import { Button } from '@sluice/ui/Button';
import { Dialog } from '@sluice/ui/Dialog';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId } from 'react';
import { TextField } from '#form/FormFields.tsx';
import { useResourceForm } from '#form/use-resource-form.ts';
import { useTRPC } from '#trpc/client.ts';
import { ErrorViewCallout } from '#trpc/ErrorCallout.tsx';
import { EventChoice } from './EventChoice.tsx';
import { WebhookForm } from './webhook-form.ts';

/** Adds an endpoint (`onSecret` is given its secret), or changes the given one. */
export function WebhookDialog({
  webhook = null,
  open,
  onClose,
  onSecret,
}: {
  webhook?: WebhookView | null;
  open: boolean;
  onClose: () => void;
  onSecret?: (secret: string) => void;
}) {
  const id = useId();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const create = useMutation(trpc.webhook.create.mutationOptions());
  const update = useMutation(trpc.webhook.update.mutationOptions());
  const { form, onSubmit, submitError, submitting } = useResourceForm({
    schema: WebhookForm,
    defaultValues: {
      name: webhook?.name ?? '',
      url: webhook?.url ?? '',
      events: webhook?.events ?? ['run.warning', 'run.failed'],
    },
    submit: async (values) => {
      if (webhook) {
        await update.mutateAsync({ id: webhook.id, ...values });
        onClose();
      } else {
        const { secret } = await create.mutateAsync(values);
        form.reset();
        onSecret?.(secret);
      }
      await queryClient.invalidateQueries({ queryKey: trpc.webhook.list.queryKey() });
    },
  });
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={webhook ? `Edit ${webhook.name}` : 'Add a webhook'}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={id} variant="primary" loading={submitting}>
            {webhook ? 'Save' : 'Add webhook'}
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
          placeholder="On-call channel"
          autoComplete="off"
          required
        />
        <TextField
          control={form.control}
          name="url"
          label="Address"
          type="url"
          placeholder="https://example.com/hooks/sluice"
          help="Receives a POST with JSON. Any 2xx answer within 10 seconds takes it."
          autoComplete="off"
          required
        />
        <EventChoice control={form.control} />
      </form>
    </Dialog>
  );
}
