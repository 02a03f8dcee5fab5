import { redirect } from 'next/navigation';
import { SignInForm } from '#features/account/SignInForm.tsx';
import { safeReturnPath } from '#paths.ts';
import { currentAccount } from '#server/session.ts';

export default async function SignInPage({
  searchParams,
}: {
  searchParams: Promise<{ returnTo?: string | string[] }>;
}) {
  const { returnTo } = await searchParams;
  const target = safeReturnPath(typeof returnTo === 'string' ? returnTo : null);
  if (await currentAccount()) redirect(target);
  return <SignInForm returnTo={target} />;
}
