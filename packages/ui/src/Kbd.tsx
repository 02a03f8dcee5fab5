'use client';

import { useSyncExternalStore } from 'react';
import { classNames } from './class-names.ts';

/** Keys of a shortcut: `mod+k`, `g s`. `mod` shows as the platform's own key. */
export function Kbd({ keys, inverted = false }: { keys: string; inverted?: boolean }) {
  const mac = useSyncExternalStore(
    () => () => {},
    () => /Mac|iPhone|iPad/.test(navigator.userAgent),
    () => false,
  );
  const names: Record<string, string> = {
    mod: mac ? '⌘' : 'Ctrl',
    shift: '⇧',
    enter: '↵',
    esc: 'Esc',
  };
  return (
    <span className="inline-flex items-center gap-0.5">
      {keys.split(/[+ ]/).map((key) => (
        <kbd
          key={key}
          className={classNames(
            'inline-flex h-4.5 min-w-4.5 items-center justify-center rounded-sm border px-1 font-sans text-2xs',
            inverted ? 'border-current/30 text-canvas' : 'border-line-strong bg-sunken text-muted',
          )}
        >
          {names[key] ?? (key.length === 1 ? key.toUpperCase() : key)}
        </kbd>
      ))}
    </span>
  );
}
