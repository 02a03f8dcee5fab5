'use client';

import { createContext, type ReactNode, useContext, useState } from 'react';
import { noChoice, type ReplayChoice } from './replay-choice.ts';

interface Replay {
  choice: ReplayChoice;
  setChoice: (choice: ReplayChoice) => void;
}

const Chosen = createContext<Replay | null>(null);

/** Keeps the rows that a person chooses to send again, over all tabs of a run's page. */
export function ReplayProvider({ children }: { children: ReactNode }) {
  const [choice, setChoice] = useState(noChoice);
  return <Chosen value={{ choice, setChoice }}>{children}</Chosen>;
}

/** The rows chosen so far. Throws outside of a run's page. */
export function useReplayChoice(): Replay {
  const replay = useContext(Chosen);
  if (!replay) throw new Error('useReplayChoice needs a ReplayProvider above it.');
  return replay;
}
