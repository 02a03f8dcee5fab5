'use client';

import type { ReactNode } from 'react';
import { useEffect, useId, useSyncExternalStore } from 'react';

/** Something the command palette offers while the page that brings it is shown. */
export interface QuickAction {
  id: string;
  label: string;
  icon?: ReactNode;
  /** Keys that do it too: `c`, `mod+enter`. */
  shortcut?: string;
  run: () => void;
}

const registered = new Map<string, readonly QuickAction[]>();
const listeners = new Set<() => void>();
let snapshot: readonly QuickAction[] = [];

/** Offers actions in the palette (and by their keys) while the calling component is mounted. */
export function useQuickActions(actions: readonly QuickAction[]): void {
  const owner = useId();
  useEffect(() => {
    registered.set(owner, actions);
    announce();
    return () => {
      registered.delete(owner);
      announce();
    };
  }, [owner, actions]);
}

/** What is offered now. */
export function useRegisteredActions(): readonly QuickAction[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => snapshot,
    () => snapshot,
  );
}

function announce(): void {
  snapshot = [...registered.values()].flat();
  for (const listener of listeners) listener();
}
