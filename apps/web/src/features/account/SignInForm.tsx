'use client';

import { Button } from '@sluice/ui/Button';
import { TextLink } from '@sluice/ui/TextLink';
import { z } from 'zod';
import { TextField } from '#form/FormFields.tsx';
import { useResourceForm } from '#form/use-resource-form.ts';
import { paths } from '#paths.ts';
import { ErrorViewCallout } from '#trpc/ErrorCallout.tsx';
import { PasswordField } from './PasswordField.tsx';
import { signIn } from './sign-in.ts';

const Credentials = z.object({
  email: z.string().min(1, 'Write your e-mail address.'),
  password: z.string().min(1, 'Write your password.'),
});

export function SignInForm({ returnTo }: { returnTo: string }) {
  const { form, onSubmit, submitError, submitting } = useResourceForm({
    schema: Credentials,
    defaultValues: { email: '', password: '' },
    submit: async (values) => {
      await signIn(values);
      // A full load: nothing of the page before is left in memory.
      window.location.assign(returnTo);
    },
  });
  return (
    <div className="flex flex-col gap-6">
      <title>Sign in | Sluice</title>
      <h1 className="font-semibold text-2xl text-ink tracking-tight">Sign in</h1>
      <form onSubmit={onSubmit} noValidate className="flex flex-col gap-4">
        {submitError && <ErrorViewCallout error={submitError} quiet />}
        <TextField
          control={form.control}
          name="email"
          type="email"
          label="E-mail"
          autoComplete="username"
          autoFocus
          spellCheck={false}
          required
        />
        <PasswordField
          control={form.control}
          name="password"
          label="Password"
          autoComplete="current-password"
          required
        />
        <Button type="submit" variant="primary" size="lg" loading={submitting} className="mt-2 w-full">
          Sign in
        </Button>
      </form>
      <p className="text-muted text-sm">
        New here? <TextLink href={paths.signUp}>Create an account</TextLink>
      </p>
    </div>
  );
}
