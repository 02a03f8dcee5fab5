import { InvitationPage } from '#features/account/InvitationPage.tsx';
import { currentAccount } from '#server/session.ts';

export default async function InvitePage({ params }: { params: Promise<{ token: string }> }) {
  const { token } = await params;
  const account = await currentAccount();
  return <InvitationPage token={token} account={account && { name: account.name, email: account.email }} />;
}
