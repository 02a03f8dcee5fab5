'use client';

import { useCallback, useState } from 'react';

const itemsMax = 5;

/** What was chosen in the palette last, newest first, kept per workspace in this browser. */
export function useRecentItems(workspace: string): [readonly string[], (id: string) => void] {
  const key = `sluice:recent:${workspace}`;
  const [ids, setIds] = useState<readonly string[]>(() => read(key));
  const remember = useCallback(
    (id: string) => {
      const next = [id, ...read(key).filter((other) => other !== id)].slice(0, itemsMax);
      try {
        localStorage.setItem(key, JSON.stringify(next));
      } catch {
        // Storage may be full or forbidden: the list then lasts as long as the page.
      }
      setIds(next);
    },
    [key],
  );
  return [ids, remember];
}

function read(key: string): string[] {
  if (typeof localStorage === 'undefined') return [];
  try {
    const value: unknown = JSON.parse(localStorage.getItem(key) ?? '[]');
    return Array.isArray(value) ? value.filter((id) => typeof id === 'string') : [];
  } catch {
    return [];
  }
}
