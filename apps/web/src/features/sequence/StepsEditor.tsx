'use client';

import type { SyncView } from '@sluice/domain/sync';
import { Button } from '@sluice/ui/Button';
import { FieldError } from '@sluice/ui/Field';
import { Plus } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { StepEditor } from './StepEditor.tsx';
import { emptyStep, moveStep, type StepDraft } from './sequence-draft.ts';

/** The steps in order: which sync, and what happens to the steps after it. They move by buttons, also by keyboard. */
export function StepsEditor({
  steps,
  syncs,
  problems,
  onChange,
}: {
  steps: readonly StepDraft[];
  syncs: readonly SyncView[];
  problems: Record<string, string>;
  onChange: (steps: StepDraft[]) => void;
}) {
  const list = useRef<HTMLOListElement>(null);
  const [moved, setMoved] = useState<{ key: number; direction: 'up' | 'down' } | null>(null);
  const [said, setSaid] = useState('');
  useEffect(() => {
    // A moved element loses the focus: the same button takes it back, so that it can be pressed again; at the end of
    // the list, where that one is disabled, the other.
    if (!moved) return;
    for (const direction of ['up', 'down', moved.direction]) {
      list.current?.querySelector<HTMLElement>(`[data-move="${moved.key}-${direction}"]:enabled`)?.focus();
    }
    setMoved(null);
  }, [moved]);
  const move = (index: number, by: -1 | 1) => {
    const next = moveStep(steps, index, by);
    const key = steps[index]?.key;
    if (key === undefined || next[index]?.key === key) return;
    onChange(next);
    setMoved({ key, direction: by === -1 ? 'up' : 'down' });
    setSaid(`Now step ${index + by + 1} of ${steps.length}.`);
  };
  return (
    <div className="flex flex-col gap-3">
      <ol ref={list} className="flex flex-col gap-2" aria-label="Steps">
        {steps.map((step, index) => (
          <StepEditor
            key={step.key}
            step={step}
            index={index}
            count={steps.length}
            syncs={syncs}
            problems={problems}
            onChange={(next) => onChange(steps.map((other) => (other.key === step.key ? next : other)))}
            onMove={(by) => move(index, by)}
            onRemove={() => {
              onChange(steps.filter((other) => other.key !== step.key));
              setSaid(`Removed step ${index + 1}.`);
            }}
          />
        ))}
      </ol>
      {problems.steps && <FieldError>{problems.steps}</FieldError>}
      <Button className="self-start" onClick={() => onChange([...steps, emptyStep(steps)])}>
        <Plus />
        Add a step
      </Button>
      <p aria-live="polite" className="sr-only">
        {said}
      </p>
    </div>
  );
}
