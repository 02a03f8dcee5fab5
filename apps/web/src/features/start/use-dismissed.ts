'use client';

import { useSyncExternalStore } from 'react';

const listeners = new Set<() => void>();

/** Whether something was hidden in this browser, and a way to hide it. Not hidden while the server draws. */
export function useDismissed(key: string): [boolean, () => void] {
  const dismissed = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => read(key),
    () => false,
  );
  const dismiss = () => {
    try {
      localStorage.setItem(key, 'hidden');
    } catch {
      // Without storage it is back at the next visit.
    }
    for (const listener of listeners) listener();
  };
  return [dismissed, dismiss];
}

function read(key: string): boolean {
  try {
    return localStorage.getItem(key) === 'hidden';
  } catch {
    return false;
  }
}
