'use client';

import type { RunEvent, RunView } from '@sluice/domain/run';
import { createContext, type ReactNode, useContext } from 'react';
import { type RunConnection, useRunFollow } from './use-run-follow.ts';

interface FollowedRun {
  /** `undefined` until the first answer. */
  run: RunView | undefined;
  events: readonly RunEvent[];
  connection: RunConnection;
  error: unknown;
  retry: () => void;
}

const Followed = createContext<FollowedRun | null>(null);

/** Follows one run for all tabs of its page: one connection, whichever tab is open. */
export function RunProvider({ id, children }: { id: number; children: ReactNode }) {
  const followed = useRunFollow(id);
  return <Followed value={followed}>{children}</Followed>;
}

/** The run of the page. Throws outside of one. */
export function useFollowedRun(): FollowedRun {
  const followed = useContext(Followed);
  if (!followed) throw new Error('useFollowedRun needs a RunProvider above it.');
  return followed;
}
