'use client';

import { IconButton } from '@sluice/ui/Button';
import { classNames } from '@sluice/ui/class-names';
import { PageTrail } from '@sluice/ui/Page';
import { Sheet } from '@sluice/ui/Sheet';
import { Menu as MenuIcon, Search } from 'lucide-react';
import { usePathname, useRouter } from 'next/navigation';
import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { Breadcrumbs } from './Breadcrumbs.tsx';
import { CommandMenu } from './CommandMenu.tsx';
import { navigation } from './navigation.tsx';
import { useRegisteredActions } from './quick-actions.ts';
import { openShortcutHelp, ShortcutHelp } from './ShortcutHelp.tsx';
import { Sidebar } from './Sidebar.tsx';
import { rememberCollapsed } from './sidebar-cookie.ts';
import { useHotkeys } from './use-hotkeys.ts';
import { useWorkspace } from './workspace-context.tsx';
import { rememberWorkspace } from './workspace-cookie.ts';

/** The frame of every page inside a workspace: navigation, palette, shortcuts, and the page itself as `main`. */
export function Shell({
  initiallyCollapsed,
  children,
}: {
  initiallyCollapsed: boolean;
  children: ReactNode;
}) {
  const [collapsed, setCollapsed] = useState(initiallyCollapsed);
  const [searching, setSearching] = useState(false);
  const { slug } = useWorkspace();
  useEffect(() => rememberWorkspace(slug), [slug]);
  const toggle = () => {
    rememberCollapsed(!collapsed);
    setCollapsed(!collapsed);
  };
  useShellHotkeys({ onSearch: () => setSearching(true), onToggle: toggle });
  return (
    <>
      <a
        href="#content"
        className="sr-only rounded-md bg-accent px-3 py-2 text-on-accent focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-toast"
      >
        Skip to content
      </a>
      <div className="flex min-h-dvh max-lg:flex-col">
        <PhoneBar onSearch={() => setSearching(true)} />
        <aside
          aria-label="Workspace"
          className={classNames(
            'sticky top-0 h-dvh shrink-0 border-r bg-sunken max-lg:hidden',
            collapsed ? 'w-rail' : 'w-sidebar',
          )}
        >
          <Sidebar collapsed={collapsed} onToggle={toggle} onSearch={() => setSearching(true)} />
        </aside>
        <main id="content" tabIndex={-1} className="min-w-0 flex-1 outline-none">
          <PageTrail trail={<Breadcrumbs />}>{children}</PageTrail>
        </main>
      </div>
      <CommandMenu open={searching} onOpenChange={setSearching} />
      <ShortcutHelp />
    </>
  );
}

/** On phones the navigation is behind a button in a bar of its own. */
function PhoneBar({ onSearch }: { onSearch: () => void }) {
  const { name } = useWorkspace();
  const pathname = usePathname();
  const [openAt, setOpenAt] = useState<string | null>(null);
  return (
    <header className="sticky top-0 z-nav flex h-13 shrink-0 items-center gap-2 border-b bg-canvas px-2 lg:hidden">
      <IconButton label="Navigation" onClick={() => setOpenAt(pathname)}>
        <MenuIcon aria-hidden="true" />
      </IconButton>
      <span className="min-w-0 flex-1 truncate font-semibold text-ink text-sm">{name}</span>
      <IconButton label="Search and commands" onClick={onSearch}>
        <Search aria-hidden="true" />
      </IconButton>
      {/* Going to another page closes it, because it belongs to the path it was opened at. */}
      <Sheet
        open={openAt === pathname}
        onOpenChange={(open) => setOpenAt(open ? pathname : null)}
        title="Navigation"
        hideTitle
        side="start"
        width="nav"
      >
        <Sidebar
          collapsed={false}
          onSearch={() => {
            setOpenAt(null);
            onSearch();
          }}
        />
      </Sheet>
    </header>
  );
}

function useShellHotkeys({ onSearch, onToggle }: { onSearch: () => void; onToggle: () => void }): void {
  const router = useRouter();
  const { paths } = useWorkspace();
  const actions = useRegisteredActions();
  const goTo = useMemo(
    () =>
      Object.fromEntries(
        navigation.map((item) => [`g ${item.key}`, () => router.push(item.href(paths))] as const),
      ),
    [router, paths],
  );
  const ofPage = Object.fromEntries(
    actions.flatMap((action) => (action.shortcut ? [[action.shortcut, action.run] as const] : [])),
  );
  useHotkeys({
    ...goTo,
    ...ofPage,
    'mod+k': onSearch,
    'mod+b': onToggle,
    'mod+enter': submitForm,
    '?': openShortcutHelp,
  });
}

/** Submits the form one is in. */
function submitForm(): void {
  document.activeElement?.closest('form')?.requestSubmit();
}
