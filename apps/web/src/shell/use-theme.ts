'use client';

import { useSyncExternalStore } from 'react';
import { type Theme, themeCookie, themeOf } from './theme.ts';

const listeners = new Set<() => void>();

/** The chosen theme and a way to change it, at once and for a year. */
export function useTheme(): [Theme, (theme: Theme) => void] {
  const theme = useSyncExternalStore(subscribe, current, (): Theme => 'system');
  return [theme, choose];
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function current(): Theme {
  return themeOf(document.documentElement.dataset.theme);
}

function choose(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing on plain HTTP addresses.
  document.cookie = `${themeCookie}=${theme}; Path=/; Max-Age=31536000; SameSite=Lax`;
  for (const listener of listeners) listener();
}
