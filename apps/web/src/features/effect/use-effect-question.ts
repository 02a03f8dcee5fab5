'use client';

import type { SyncEffect } from '@sluice/domain/edit-effect';
import { useState } from 'react';
import { needsAnswer } from './EffectDialog.tsx';

/**
 * Finds out what an edit does before it is saved. `ask` answers whether it may be saved at once; otherwise `syncs` are
 * what the dialog shows.
 */
export function useEffectQuestion() {
  const [asking, setAsking] = useState(false);
  const [syncs, setSyncs] = useState<readonly SyncEffect[] | null>(null);
  const [error, setError] = useState<unknown>(null);
  const ask = async (find: () => Promise<readonly SyncEffect[]>): Promise<boolean> => {
    setAsking(true);
    setError(null);
    try {
      const found = await find();
      if (!needsAnswer(found)) return true;
      setSyncs(found);
    } catch (thrown) {
      setError(thrown);
    } finally {
      setAsking(false);
    }
    return false;
  };
  return { asking, syncs, error, ask, close: () => setSyncs(null) };
}
