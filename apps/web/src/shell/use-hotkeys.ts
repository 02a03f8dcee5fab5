'use client';

import { useEffect, useRef } from 'react';

/** Keys (`mod+k`, `g s`, `?`) and what they do. */
export type Hotkeys = Readonly<Record<string, () => void>>;

const sequenceMs = 1200;

/**
 * Listens for shortcuts. Single keys and sequences are ignored while one types or a dialog is open; those with `mod`
 * work everywhere.
 */
export function useHotkeys(hotkeys: Hotkeys): void {
  const current = useRef(hotkeys);
  useEffect(() => {
    current.current = hotkeys;
  }, [hotkeys]);
  useEffect(() => {
    let before: { key: string; at: number } | null = null;
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.altKey || event.repeat) return;
      const key = event.key.toLowerCase();
      const modified = event.metaKey || event.ctrlKey;
      if (!modified && isBusy(event.target)) return;
      const single = modified ? `mod+${key}` : key;
      const sequence = before && event.timeStamp - before.at < sequenceMs ? `${before.key} ${key}` : null;
      const action = (sequence && current.current[sequence]) ?? current.current[single];
      before = modified ? null : { key, at: event.timeStamp };
      if (!action) return;
      event.preventDefault();
      before = null;
      action();
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);
}

/** Whether keys belong to what has the focus: a field, the editor, or an open dialog or menu. */
function isBusy(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) return true;
  return document.querySelector('[role="dialog"],[role="menu"],[role="listbox"]') !== null;
}
