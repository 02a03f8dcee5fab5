'use client';

import { useEffect, useState } from 'react';
import type { z } from 'zod';

/**
 * State that survives a reload, kept in this browser under `key`. What is stored and does not fit the schema any more
 * is dropped. `clear` forgets it, and answers with the initial value. `loaded` is false until the store was read, so
 * that the first picture is the same on the server.
 */
export function useStoredState<Value>(
  key: string,
  schema: z.ZodType<Value>,
  initial: () => Value,
): {
  value: Value;
  setValue: (next: Value | ((before: Value) => Value)) => void;
  clear: () => void;
  loaded: boolean;
} {
  const [value, setValue] = useState(initial);
  const [loaded, setLoaded] = useState(false);
  const [cleared, setCleared] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: read once; the schema and the initial value never change
  useEffect(() => {
    const stored = read(key);
    const parsed = stored === null ? null : schema.safeParse(stored);
    if (parsed?.success) setValue(parsed.data);
    setLoaded(true);
  }, [key]);
  useEffect(() => {
    if (!loaded || cleared) return;
    try {
      window.localStorage.setItem(key, JSON.stringify(value));
    } catch {
      // A full or forbidden store only costs the draft on reload; the page itself works on.
    }
  }, [key, value, loaded, cleared]);
  return {
    value,
    setValue,
    loaded,
    clear: () => {
      setCleared(true);
      window.localStorage.removeItem(key);
    },
  };
}

function read(key: string): unknown {
  try {
    const text = window.localStorage.getItem(key);
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}
