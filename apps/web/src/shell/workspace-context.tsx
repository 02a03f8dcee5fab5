'use client';

import type { AccountView } from '@sluice/domain/account';
import type { Permission, Role } from '@sluice/domain/permission';
import { createContext, type ReactNode, useContext, useMemo } from 'react';
import { type WorkspacePaths, workspacePaths } from '#paths.ts';

export interface WorkspaceScope {
  account: AccountView;
  id: number;
  slug: string;
  name: string;
  role: Role;
  organisation: { id: number; name: string };
  paths: WorkspacePaths;
  can: (permission: Permission) => boolean;
  /** `null` if allowed, otherwise the sentence that a disabled button shows. */
  whyNot: (permission: Permission) => string | null;
}

const Scope = createContext<WorkspaceScope | null>(null);

/** Says which workspace the screens below act in, and what the person may do there. */
export function WorkspaceProvider({
  account,
  slug,
  children,
}: {
  account: AccountView;
  slug: string;
  children: ReactNode;
}) {
  const scope = useMemo(() => scopeOf(account, slug), [account, slug]);
  return <Scope value={scope}>{children}</Scope>;
}

/** The workspace of the page. Throws outside of one. */
export function useWorkspace(): WorkspaceScope {
  const scope = useContext(Scope);
  if (!scope) throw new Error('useWorkspace needs a WorkspaceProvider above it.');
  return scope;
}

function scopeOf(account: AccountView, slug: string): WorkspaceScope {
  const workspace = account.workspaces.find((candidate) => candidate.slug === slug);
  if (!workspace) throw new Error('The account is no member of this workspace.');
  const granted = new Set(workspace.permissions);
  return {
    account,
    id: workspace.id,
    slug,
    name: workspace.name,
    role: workspace.role,
    organisation: workspace.organisation,
    paths: workspacePaths(slug),
    can: (permission) => granted.has(permission),
    whyNot: (permission) =>
      granted.has(permission)
        ? null
        : `Your role here is ${workspace.role}. Ask an admin of the workspace for more.`,
  };
}
