import { redirect } from 'next/navigation';
import { NoWorkspace } from '#features/account/NoWorkspace.tsx';
import { paths, workspacePaths } from '#paths.ts';
import { lastWorkspace } from '#server/last-workspace.ts';
import { currentAccount } from '#server/session.ts';

/** Goes to the workspace that was open last, or the first one. */
export default async function Home() {
  const account = await currentAccount();
  if (!account) redirect(paths.signIn);
  const workspace = await lastWorkspace(account);
  if (!workspace) return <NoWorkspace email={account.email} />;
  redirect(workspacePaths(workspace.slug).start);
}
