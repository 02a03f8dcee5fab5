import type { AccountView } from '@sluice/domain/account';
import { cookies } from 'next/headers';
import { workspaceCookie } from '#shell/workspace-cookie.ts';

/** The workspace this browser opened last, if the person is still a member; otherwise their first, or `null`. */
export async function lastWorkspace(account: AccountView): Promise<AccountView['workspaces'][number] | null> {
  const slug = (await cookies()).get(workspaceCookie)?.value;
  return account.workspaces.find((workspace) => workspace.slug === slug) ?? account.workspaces[0] ?? null;
}
