'use client';

import { classNames } from '@sluice/ui/class-names';
import { Menu, MenuItem, MenuLabel, MenuLink, MenuSeparator } from '@sluice/ui/Menu';
import { Glyph } from '@sluice/ui/Wordmark';
import { ChevronsUpDown, Plus } from 'lucide-react';
import { Fragment, useState } from 'react';
import { CreateWorkspaceDialog } from '#features/settings/CreateWorkspaceDialog.tsx';
import { workspacePaths } from '#paths.ts';
import { useWorkspace } from './workspace-context.tsx';

/** Shows the workspace one is in, and goes to another. */
export function WorkspaceMenu({ collapsed }: { collapsed: boolean }) {
  const scope = useWorkspace();
  const [creating, setCreating] = useState(false);
  const byOrganisation = Map.groupBy(scope.account.workspaces, (workspace) => workspace.organisation.name);
  return (
    <>
      <Menu
        align="start"
        label="Workspaces"
        trigger={
          <button
            type="button"
            aria-label={collapsed ? `Workspace ${scope.name}` : undefined}
            className={classNames(
              'focus-ring flex h-9 min-w-0 items-center gap-2.5 rounded-md px-1.5 text-left transition-colors hover:bg-hover data-[state=open]:bg-hover',
              !collapsed && 'flex-1',
            )}
          >
            <span className="flex size-7 shrink-0 items-center justify-center rounded-md bg-accent text-on-accent">
              <Glyph className="size-4" />
            </span>
            {!collapsed && (
              <>
                <span className="min-w-0 flex-1">
                  <span className="block truncate font-semibold text-ink text-sm leading-4">
                    {scope.name}
                  </span>
                  <span className="block truncate text-faint text-xs leading-4">
                    {scope.organisation.name}
                  </span>
                </span>
                <ChevronsUpDown aria-hidden="true" className="size-3.5 shrink-0 text-faint" />
              </>
            )}
          </button>
        }
      >
        {[...byOrganisation].map(([organisation, workspaces]) => (
          <Fragment key={organisation}>
            <MenuLabel>{organisation}</MenuLabel>
            {workspaces.map((workspace) => (
              <MenuLink
                key={workspace.id}
                href={workspacePaths(workspace.slug).start}
                current={workspace.slug === scope.slug}
              >
                {workspace.name}
              </MenuLink>
            ))}
          </Fragment>
        ))}
        <MenuSeparator />
        <MenuItem icon={<Plus aria-hidden="true" />} onSelect={() => setCreating(true)}>
          Create workspace…
        </MenuItem>
      </Menu>
      <CreateWorkspaceDialog open={creating} onOpenChange={setCreating} />
    </>
  );
}
