'use client';

import { classNames } from '@sluice/ui/class-names';
import { Menu, MenuItem, MenuLabel, MenuLink, MenuRadioGroup, MenuSeparator } from '@sluice/ui/Menu';
import { CircleUser, Keyboard, LogOut, Monitor, Moon, Sun } from 'lucide-react';
import { signOut } from 'next-auth/react';
import { paths } from '#paths.ts';
import { openShortcutHelp } from './ShortcutHelp.tsx';
import { useTheme } from './use-theme.ts';
import { useWorkspace } from './workspace-context.tsx';

const themeOptions = [
  { value: 'system', label: 'As the device', icon: <Monitor aria-hidden="true" /> },
  { value: 'light', label: 'Light', icon: <Sun aria-hidden="true" /> },
  { value: 'dark', label: 'Dark', icon: <Moon aria-hidden="true" /> },
] as const;

/** The person: account, theme, shortcuts, sign out. */
export function UserMenu({ collapsed }: { collapsed: boolean }) {
  const { account, paths: here } = useWorkspace();
  const [theme, setTheme] = useTheme();
  return (
    <Menu
      align="start"
      side={collapsed ? 'right' : 'top'}
      label="Your account"
      trigger={
        <button
          type="button"
          aria-label={collapsed ? `Account of ${account.name}` : undefined}
          className={classNames(
            'focus-ring flex h-10 min-w-0 items-center gap-2.5 rounded-md px-2 text-left transition-colors hover:bg-hover data-[state=open]:bg-hover',
            collapsed && 'justify-center px-0',
          )}
        >
          <span
            aria-hidden="true"
            className="flex size-6 shrink-0 items-center justify-center rounded-full bg-pressed font-semibold text-2xs text-muted"
          >
            {initials(account.name)}
          </span>
          {!collapsed && (
            <span className="min-w-0 flex-1">
              <span className="block truncate font-medium text-ink text-sm leading-4">{account.name}</span>
              <span className="block truncate text-faint text-xs leading-4">{account.email}</span>
            </span>
          )}
        </button>
      }
    >
      <MenuLink href={here.settings.account} icon={<CircleUser aria-hidden="true" />}>
        Account
      </MenuLink>
      <MenuItem icon={<Keyboard aria-hidden="true" />} shortcut="?" onSelect={openShortcutHelp}>
        Keyboard shortcuts
      </MenuItem>
      <MenuSeparator />
      <MenuLabel>Theme</MenuLabel>
      <MenuRadioGroup value={theme} onChange={setTheme} options={themeOptions} />
      <MenuSeparator />
      <MenuItem
        icon={<LogOut aria-hidden="true" />}
        onSelect={() => void signOut({ redirect: false }).then(() => window.location.assign(paths.signIn))}
      >
        Sign out
      </MenuItem>
    </Menu>
  );
}

/** Two letters at most: "Ana María Ruiz" is AR. */
function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined];
  return letters
    .map((word) => [...(word ?? '')][0] ?? '')
    .join('')
    .toUpperCase();
}
