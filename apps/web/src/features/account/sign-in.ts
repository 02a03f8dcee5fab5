import { type ErrorView, SluiceError } from '@sluice/domain/error';
import { signIn as nextAuthSignIn } from 'next-auth/react';

/** Signs in with e-mail and password. Throws the reason as a SluiceError: `credentials_wrong`, `rate_limited` … */
export async function signIn(credentials: { email: string; password: string }): Promise<void> {
  const answer = await nextAuthSignIn('credentials', { ...credentials, redirect: false });
  if (answer?.ok && !answer.error) return;
  throw reasonOf(answer?.error ?? '');
}

/** The library hands on a reason as text: ours is the JSON of an error view. */
function reasonOf(text: string): SluiceError {
  try {
    const view = JSON.parse(text) as ErrorView;
    return new SluiceError(view.code, view.message, { fix: view.fix, fields: view.fields });
  } catch {
    return new SluiceError('internal', 'Sign-in did not work.');
  }
}
