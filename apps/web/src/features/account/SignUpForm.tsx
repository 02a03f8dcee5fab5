'use client';

import { Email, Password, SignUp } from '@sluice/domain/account';
import { Button } from '@sluice/ui/Button';
import { TextLink } from '@sluice/ui/TextLink';
import { useMutation } from '@tanstack/react-query';
import { z } from 'zod';
import { TextField } from '#form/FormFields.tsx';
import { useResourceForm } from '#form/use-resource-form.ts';
import { paths } from '#paths.ts';
import { useTRPC } from '#trpc/client.ts';
import { ErrorViewCallout } from '#trpc/ErrorCallout.tsx';
import { PasswordField } from './PasswordField.tsx';
import { signIn } from './sign-in.ts';

const name = SignUp.shape.name;
const Joining = z.object({ name, email: Email, password: Password });
const Founding = Joining.extend({
  organisationName: z.string().trim().min(1, 'Write the name of your company or team.').max(120),
});

/** Creates an account: with an organisation and its first workspace, or as a member of the one that invites. */
export function SignUpForm({
  invitation,
}: {
  invitation: { token: string; workspaceName: string; email: string | null } | null;
}) {
  const trpc = useTRPC();
  const signUp = useMutation(trpc.account.signUp.mutationOptions());
  const { form, onSubmit, submitError, submitting } = useResourceForm<
    z.input<typeof Founding>,
    z.output<typeof Founding>
  >({
    schema: Founding,
    defaultValues: {
      name: '',
      email: invitation?.email ?? '',
      password: '',
      // By invitation the field is not shown; the organisation of the workspace is the one that counts.
      organisationName: invitation?.workspaceName ?? '',
    },
    submit: async ({ organisationName, ...values }) => {
      await signUp.mutateAsync(
        invitation ? { ...values, invitation: invitation.token } : { ...values, organisationName },
      );
      await signIn(values);
      window.location.assign(paths.home);
    },
  });
  return (
    <div className="flex flex-col gap-6">
      <title>Create an account | Sluice</title>
      <div>
        <h1 className="font-semibold text-2xl text-ink tracking-tight">
          {invitation ? `Join ${invitation.workspaceName}` : 'Create your account'}
        </h1>
        <p className="mt-1 text-muted">
          {invitation
            ? 'Create an account to accept the invitation.'
            : 'You get an organisation with a first workspace, and can invite others to it.'}
        </p>
      </div>
      <form onSubmit={onSubmit} noValidate className="flex flex-col gap-4">
        {submitError && <ErrorViewCallout error={submitError} quiet />}
        <TextField
          control={form.control}
          name="name"
          label="Your name"
          autoComplete="name"
          autoFocus
          required
        />
        <TextField
          control={form.control}
          name="email"
          type="email"
          label="Work e-mail"
          autoComplete="username"
          spellCheck={false}
          placeholder="ana@example.com"
          readOnly={Boolean(invitation?.email)}
          required
        />
        {!invitation && (
          <TextField
            control={form.control}
            name="organisationName"
            label="Company or team"
            autoComplete="organization"
            placeholder="Acme"
            help="Names your organisation and its first workspace, which you can rename later."
            required
          />
        )}
        <PasswordField
          control={form.control}
          name="password"
          label="Password"
          autoComplete="new-password"
          help="At least 8 characters that are hard to guess."
          required
        />
        <Button type="submit" variant="primary" size="lg" loading={submitting} className="mt-2 w-full">
          {invitation ? 'Create account and join' : 'Create account'}
        </Button>
      </form>
      <p className="text-muted text-sm">
        You have an account already?{' '}
        <TextLink
          href={
            invitation
              ? `${paths.signIn}?returnTo=${encodeURIComponent(paths.invite(invitation.token))}`
              : paths.signIn
          }
        >
          Sign in
        </TextLink>
      </p>
    </div>
  );
}
