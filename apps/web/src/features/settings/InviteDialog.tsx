'use client';

import { Email } from '@sluice/domain/account';
import { roles } from '@sluice/domain/permission';
import { Button } from '@sluice/ui/Button';
import { CodeBlock } from '@sluice/ui/CodeBlock';
import { Dialog } from '@sluice/ui/Dialog';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { z } from 'zod';
import { SelectField, TextField } from '#form/FormFields.tsx';
import { useResourceForm } from '#form/use-resource-form.ts';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { useTRPC } from '#trpc/client.ts';
import { ErrorViewCallout } from '#trpc/ErrorCallout.tsx';
import { roleOptions } from './role-words.ts';

/** An empty address means that the link is for anybody. */
const Invite = z.object({
  role: z.enum(roles),
  email: z
    .string()
    .refine(
      (text) => text === '' || Email.safeParse(text).success,
      'Write an address such as ana@example.com.',
    ),
});

/** Makes an invitation link and shows it once. */
export function InviteDialog({
  open,
  onOpenChange,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const [link, setLink] = useState<string | null>(null);
  const change = (next: boolean) => {
    if (!next) setLink(null);
    onOpenChange(next);
  };
  return link === null ? (
    <InviteForm open={open} onOpenChange={change} onCreated={setLink} />
  ) : (
    <Dialog
      open={open}
      onOpenChange={change}
      title="Send this link"
      description="It is shown only now. It works once, for 7 days."
      footer={
        <Button variant="primary" onClick={() => change(false)}>
          Done
        </Button>
      }
    >
      <CodeBlock code={link} label="Copy the invitation link" wrap />
    </Dialog>
  );
}

function InviteForm({
  open,
  onOpenChange,
  onCreated,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onCreated: (link: string) => void;
}) {
  const id = useId();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { name } = useWorkspace();
  const create = useMutation(trpc.invitation.create.mutationOptions());
  const { form, onSubmit, submitError, submitting } = useResourceForm({
    schema: Invite,
    defaultValues: { role: 'editor', email: '' },
    submit: async ({ role, email }) => {
      const { url } = await create.mutateAsync({ role, ...(email !== '' && { email }) });
      await queryClient.invalidateQueries({ queryKey: trpc.invitation.list.queryKey() });
      form.reset();
      onCreated(url);
    },
  });
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Invite someone to ${name}`}
      description="You get a link to send yourself; Sluice sends no e-mail."
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button type="submit" form={id} variant="primary" loading={submitting}>
            Create link
          </Button>
        </>
      }
    >
      <form id={id} onSubmit={onSubmit} noValidate className="flex flex-col gap-4">
        {submitError && <ErrorViewCallout error={submitError} />}
        <SelectField control={form.control} name="role" label="Role" options={roleOptions} />
        <TextField
          control={form.control}
          name="email"
          type="email"
          label="E-mail"
          placeholder="ana@example.com"
          help="With an address, only an account of that address can accept."
          autoComplete="off"
          optional
        />
      </form>
    </Dialog>
  );
}
