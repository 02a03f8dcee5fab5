import { redirect } from 'next/navigation';
import { SignUpForm } from '#features/account/SignUpForm.tsx';
import { paths } from '#paths.ts';
import { currentAccount } from '#server/session.ts';

export default async function SignUpPage() {
  if (await currentAccount()) redirect(paths.home);
  return <SignUpForm invitation={null} />;
}
