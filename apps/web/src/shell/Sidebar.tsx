'use client';

import { IconButton } from '@sluice/ui/Button';
import { classNames } from '@sluice/ui/class-names';
import { Kbd } from '@sluice/ui/Kbd';
import { Link } from '@sluice/ui/Link';
import { Tooltip } from '@sluice/ui/Tooltip';
import { PanelLeft, Search } from 'lucide-react';
import { usePathname } from 'next/navigation';
import type { ReactNode } from 'react';
import { type NavigationItem, navigation, sectionOf, settingsItem } from './navigation.tsx';
import { UserMenu } from './UserMenu.tsx';
import { WorkspaceMenu } from './WorkspaceMenu.tsx';
import { useWorkspace } from './workspace-context.tsx';

/** The console's navigation: workspace on top, the nouns in the order data flows, settings and person at the foot. */
export function Sidebar({
  collapsed,
  onToggle,
  onSearch,
}: {
  /** Icons only. */
  collapsed: boolean;
  /** Missing on phones, where the navigation is a sheet. */
  onToggle?: () => void;
  onSearch: () => void;
}) {
  return (
    <div className="flex h-full flex-col gap-3 p-2.5">
      <div className={classNames('flex items-center gap-1', collapsed && 'flex-col', !onToggle && 'pr-9')}>
        <WorkspaceMenu collapsed={collapsed} />
        {onToggle && (
          <IconButton
            size="icon-sm"
            label={collapsed ? 'Expand navigation' : 'Collapse navigation'}
            shortcut="mod+b"
            onClick={onToggle}
          >
            <PanelLeft aria-hidden="true" />
          </IconButton>
        )}
      </div>
      <SearchButton collapsed={collapsed} onSearch={onSearch} />
      <nav aria-label="Main" className="min-h-0 flex-1 overflow-y-auto">
        <ul className="flex flex-col gap-0.5">
          {navigation.map((item) => (
            <li key={item.id}>
              <NavigationLink item={item} collapsed={collapsed} />
            </li>
          ))}
        </ul>
      </nav>
      <div className="flex flex-col gap-0.5">
        <NavigationLink item={settingsItem} collapsed={collapsed} />
        <UserMenu collapsed={collapsed} />
      </div>
    </div>
  );
}

function NavigationLink({ item, collapsed }: { item: NavigationItem; collapsed: boolean }) {
  const { paths } = useWorkspace();
  const current = sectionOf(usePathname()) === item.id;
  const Icon = item.icon;
  const link = (
    <Link
      href={item.href(paths)}
      aria-current={current ? 'page' : undefined}
      className={classNames(
        'focus-ring flex h-8 items-center gap-2.5 rounded-md px-2.5 font-medium text-sm transition-colors pointer-coarse:h-10',
        current ? 'bg-pressed text-ink' : 'text-muted hover:bg-hover hover:text-ink',
        collapsed && 'justify-center px-0',
      )}
    >
      <Icon
        aria-hidden="true"
        className={classNames('size-4 shrink-0', current ? 'text-accent' : 'text-faint')}
      />
      <span className={collapsed ? 'sr-only' : 'truncate'}>{item.label}</span>
    </Link>
  );
  if (!collapsed) return link;
  return (
    <Tooltip
      side="right"
      content={item.label}
      shortcut={item.id === 'settings' ? undefined : `g ${item.key}`}
    >
      {link}
    </Tooltip>
  );
}

function SearchButton({ collapsed, onSearch }: { collapsed: boolean; onSearch: () => void }): ReactNode {
  if (collapsed) {
    return (
      <div className="flex justify-center">
        <IconButton label="Search and commands" shortcut="mod+k" onClick={onSearch}>
          <Search aria-hidden="true" />
        </IconButton>
      </div>
    );
  }
  return (
    <button
      type="button"
      onClick={onSearch}
      className="focus-ring flex h-8 items-center gap-2 rounded-md border bg-surface px-2.5 text-faint text-sm shadow-raised transition-colors hover:border-line-strong hover:text-muted pointer-coarse:h-10"
    >
      <Search aria-hidden="true" className="size-4" />
      <span className="flex-1 text-left">Search…</span>
      <Kbd keys="mod+k" />
    </button>
  );
}
