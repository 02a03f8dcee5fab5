'use client';

import { ChangePassword, UpdateAccount } from '@sluice/domain/account';
import { Button } from '@sluice/ui/Button';
import { Card } from '@sluice/ui/Card';
import { toast } from '@sluice/ui/Toast';
import { useMutation } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { z } from 'zod';
import { PasswordField } from '#features/account/PasswordField.tsx';
import { TextField } from '#form/FormFields.tsx';
import { useResourceForm } from '#form/use-resource-form.ts';
import { PageTitle } from '#shell/PageTitle.tsx';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { useTRPC } from '#trpc/client.ts';
import { ErrorViewCallout } from '#trpc/ErrorCallout.tsx';
import { useAction } from '#trpc/use-action.ts';
import { ThemeCard } from './ThemeCard.tsx';

/** The person's own name, password, sessions and theme. */
export function AccountPage() {
  return (
    <div className="flex max-w-settings flex-col gap-5">
      <PageTitle parts={['Your account', 'Settings']} />
      <NameForm />
      <PasswordForm />
      <Sessions />
      <ThemeCard />
    </div>
  );
}

function NameForm() {
  const trpc = useTRPC();
  const router = useRouter();
  const { account } = useWorkspace();
  const update = useMutation(trpc.account.update.mutationOptions());
  const { form, onSubmit, submitError, submitting } = useResourceForm({
    schema: UpdateAccount,
    defaultValues: { name: account.name },
    submit: async (values) => {
      await update.mutateAsync(values);
      toast.success({ title: 'Saved your name.' });
      router.refresh();
    },
  });
  return (
    <form onSubmit={onSubmit} noValidate>
      <Card
        title="You"
        description={`You sign in as ${account.email}.`}
        footer={
          <Button type="submit" variant="primary" loading={submitting}>
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
            autoComplete="name"
            help="Others see it beside what you change."
            required
          />
        </div>
      </Card>
    </form>
  );
}

/** The form says which field is missing; the password itself is judged by the server too. */
const PasswordChange = z.object({
  current: z.string().min(1, 'Write your current password.').max(1024),
  next: ChangePassword.shape.next,
});

function PasswordForm() {
  const trpc = useTRPC();
  const change = useMutation(trpc.account.changePassword.mutationOptions());
  const { form, onSubmit, submitError, submitting } = useResourceForm({
    schema: PasswordChange,
    defaultValues: { current: '', next: '' },
    submit: async (values) => {
      await change.mutateAsync(values);
      form.reset();
      toast.success({
        title: 'Changed your password.',
        description: 'Every other session of yours has ended.',
      });
    },
  });
  return (
    <form onSubmit={onSubmit} noValidate>
      <Card
        title="Password"
        footer={
          <Button type="submit" variant="primary" loading={submitting}>
            Change password
          </Button>
        }
      >
        <div className="flex flex-col gap-4">
          {submitError && <ErrorViewCallout error={submitError} />}
          <PasswordField
            control={form.control}
            name="current"
            label="Current password"
            autoComplete="current-password"
            required
          />
          <PasswordField
            control={form.control}
            name="next"
            label="New password"
            autoComplete="new-password"
            help="At least 8 characters that are hard to guess. Other sessions end; this one goes on."
            required
          />
        </div>
      </Card>
    </form>
  );
}

function Sessions() {
  const trpc = useTRPC();
  const end = useAction(trpc.account.endOtherSessions.mutationOptions(), {
    success: () => ({ title: 'Every other session of yours has ended.' }),
    failure: 'The other sessions were not ended.',
  });
  return (
    <Card
      title="Sessions"
      description="Signed in somewhere you no longer are? End every session but this one."
      actions={
        <Button loading={end.isPending} onClick={() => end.mutate()}>
          End other sessions
        </Button>
      }
    />
  );
}
