'use client';

import type { RolloutChoice as Choice, Rollout } from '@sluice/domain/edit-effect';
import { RadioCards } from '@sluice/ui/RadioCards';
import { useState } from 'react';

/** What becomes of rows that were delivered before an edit, where there is something to choose; `undefined` where not. */
export function useRollout(choices: readonly Choice[]) {
  return useState<Rollout | undefined>(choices[0]?.rollout);
}

export function RolloutChoice({
  choices,
  value,
  onChange,
}: {
  choices: readonly Choice[];
  value: Rollout | undefined;
  onChange: (rollout: Rollout) => void;
}) {
  if (choices.length === 0) return null;
  return (
    <RadioCards
      label="Rows that were delivered before"
      value={value ?? null}
      onChange={onChange}
      cards={choices.map((choice) => ({
        value: choice.rollout,
        title: choice.label,
        description: choice.explanation,
      }))}
    />
  );
}
