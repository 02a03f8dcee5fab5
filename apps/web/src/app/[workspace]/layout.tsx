import type { Metadata } from 'next';
import { cookies, headers } from 'next/headers';
import { notFound, redirect } from 'next/navigation';
import type { ReactNode } from 'react';
import { paths } from '#paths.ts';
import { currentAccount } from '#server/session.ts';
import { Shell } from '#shell/Shell.tsx';
import { sidebarCookie } from '#shell/sidebar-cookie.ts';
import { WorkspaceProvider } from '#shell/workspace-context.tsx';
import { TrpcProvider } from '#trpc/TrpcProvider.tsx';

/** Each screen names itself, see `PageTitle`. */
export const metadata: Metadata = { title: null };

/** Everything inside a workspace: only for its members, in the shell, with a cache of its own. */
export default async function WorkspaceLayout({
  params,
  children,
}: {
  params: Promise<{ workspace: string }>;
  children: ReactNode;
}) {
  const { workspace: slug } = await params;
  const account = await currentAccount();
  if (!account) {
    const here = (await headers()).get('x-sluice-path') ?? `/${slug}`;
    redirect(`${paths.signIn}?returnTo=${encodeURIComponent(here)}`);
  }
  if (!account.workspaces.some((workspace) => workspace.slug === slug)) notFound();
  const collapsed = (await cookies()).get(sidebarCookie)?.value === 'rail';
  return (
    <TrpcProvider key={slug} workspace={slug}>
      <WorkspaceProvider account={account} slug={slug}>
        <Shell initiallyCollapsed={collapsed}>{children}</Shell>
      </WorkspaceProvider>
    </TrpcProvider>
  );
}
