'use client';

import { Button } from '@sluice/ui/Button';
import { Dialog } from '@sluice/ui/Dialog';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { CheckboxField, SelectField, TextField } from '#form/FormFields.tsx';
import { useResourceForm } from '#form/use-resource-form.ts';
import { useTRPC } from '#trpc/client.ts';
import { ErrorViewCallout } from '#trpc/ErrorCallout.tsx';
import { expiryOptions, NewTokenForm, tokenOf } from './new-token.ts';
import { scopeOptions } from './role-words.ts';
import { SyncChoice } from './SyncChoice.tsx';
import { TokenSecret } from './TokenSecret.tsx';

/** Creates a token, then shows it once with an example of its use. */
export function CreateTokenDialog({
  open,
  onOpenChange,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const [secret, setSecret] = useState<string | null>(null);
  const change = (next: boolean) => {
    if (!next) setSecret(null);
    onOpenChange(next);
  };
  return secret === null ? (
    <TokenForm open={open} onOpenChange={change} onCreated={setSecret} />
  ) : (
    <TokenSecret open={open} secret={secret} onClose={() => change(false)} />
  );
}

function TokenForm({
  open,
  onOpenChange,
  onCreated,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onCreated: (secret: string) => void;
}) {
  const id = useId();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const create = useMutation(trpc.token.create.mutationOptions());
  const syncs = useQuery(trpc.sync.list.queryOptions(undefined, { enabled: open }));
  const { form, onSubmit, submitError, submitting } = useResourceForm({
    schema: NewTokenForm,
    defaultValues: { name: '', scope: 'trigger', expiry: '90', limited: false, syncIds: [] },
    submit: async (values) => {
      const { secret } = await create.mutateAsync(tokenOf(values));
      await queryClient.invalidateQueries({ queryKey: trpc.token.list.queryKey() });
      form.reset();
      onCreated(secret);
    },
  });
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Create an API token"
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button type="submit" form={id} variant="primary" loading={submitting}>
            Create token
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
          placeholder="Airflow, production"
          help="What will use it. Shown in the audit log."
          autoComplete="off"
          required
        />
        <SelectField control={form.control} name="scope" label="Scope" options={scopeOptions} />
        <SelectField control={form.control} name="expiry" label="Expires after" options={expiryOptions} />
        <CheckboxField
          control={form.control}
          name="limited"
          label="Limit it to some syncs"
          help="It then sees and triggers only these."
        />
        {form.watch('limited') && (
          <SyncChoice control={form.control} name="syncIds" syncs={syncs.data} error={syncs.error} />
        )}
      </form>
    </Dialog>
  );
}
