'use client';

import { Dialog } from '@sluice/ui/Dialog';
import { Kbd } from '@sluice/ui/Kbd';
import { useSyncExternalStore } from 'react';
import { navigation } from './navigation.tsx';
import { useRegisteredActions } from './quick-actions.ts';

let isOpen = false;
const listeners = new Set<() => void>();

/** Opens the list of shortcuts from anywhere. */
export function openShortcutHelp(): void {
  setOpen(true);
}

/** The list of shortcuts: those of the console and those of the page. */
export function ShortcutHelp() {
  const open = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => isOpen,
    () => false,
  );
  const pageActions = useRegisteredActions().filter((action) => action.shortcut);
  const groups = [
    {
      title: 'Go to',
      rows: navigation.map((item) => ({ label: item.label, keys: `g ${item.key}` })),
    },
    {
      title: 'Everywhere',
      rows: [
        { label: 'Search and commands', keys: 'mod+k' },
        { label: 'Collapse or expand the navigation', keys: 'mod+b' },
        { label: 'Submit a form', keys: 'mod+enter' },
        { label: 'Close, and go back to where you were', keys: 'esc' },
        { label: 'This list', keys: '?' },
      ],
    },
    {
      title: 'On this page',
      rows: pageActions.map((action) => ({ label: action.label, keys: action.shortcut ?? '' })),
    },
  ].filter((group) => group.rows.length > 0);
  return (
    <Dialog open={open} onOpenChange={setOpen} title="Keyboard shortcuts">
      <div className="flex flex-col gap-5">
        {groups.map((group) => (
          <section key={group.title}>
            <h3 className="mb-1.5 font-medium text-faint text-xs">{group.title}</h3>
            <dl className="divide-y">
              {group.rows.map((row) => (
                <div key={row.label} className="flex items-center justify-between gap-4 py-1.5 text-sm">
                  <dt>{row.label}</dt>
                  <dd>
                    <Kbd keys={row.keys} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}

function setOpen(open: boolean): void {
  isOpen = open;
  for (const listener of listeners) listener();
}
