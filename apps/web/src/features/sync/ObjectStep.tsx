'use client';

import { changeClasses } from '@sluice/domain/change';
import { type DeleteBehaviour, type SyncModeDefinition, syncModes } from '@sluice/domain/sync-mode';
import { Checkbox } from '@sluice/ui/Checkbox';
import { Combobox } from '@sluice/ui/Combobox';
import { Field, FieldError } from '@sluice/ui/Field';
import { RadioCards } from '@sluice/ui/RadioCards';
import { SkeletonLines } from '@sluice/ui/Skeleton';
import { useEffect } from 'react';
import { ClassMark } from '#features/run/ClassMark.tsx';
import { ErrorCallout } from '#trpc/ErrorCallout.tsx';
import { triggerClass } from './http-options.ts';
import { ModeCards } from './ModeCards.tsx';
import type { StepProps } from './step-props.ts';
import { changeObject } from './sync-draft.ts';

const behaviours: Record<DeleteBehaviour, { title: string; description: string }> = {
  nothing: { title: 'Do nothing', description: 'The record stays as it is.' },
  clear: { title: 'Clear fields', description: 'The mapped fields are set to NULL; the record stays.' },
  delete: { title: 'Delete the record', description: 'The record is deleted at the destination.' },
};

const firstRuns = [
  { value: 'send', title: 'Send it', description: 'Every row of the model becomes an event at once.' },
  {
    value: 'skip',
    title: 'Take it as known',
    description: 'Only rows that are added or changed from then on become events.',
  },
] as const;

/** What is written, and what happens to added, changed and removed rows. */
export function ObjectStep({ draft, onChange, queries, problems }: StepProps) {
  const { objects, facts } = queries;
  const found = objects.data;
  const only = found?.length === 1 ? found[0] : undefined;
  useEffect(() => {
    if (only && draft.object === null) onChange(changeObject(draft, only.id, only.modes));
  }, [only, draft, onChange]);

  if (objects.isPending) return <SkeletonLines lines={6} label="Reading what can be written to…" />;
  if (objects.error) {
    return (
      <ErrorCallout
        error={objects.error}
        title="The destination could not say what it holds."
        onRetry={() => void objects.refetch()}
      />
    );
  }
  const chosen = found?.find(({ id }) => id === draft.object);
  const mode: SyncModeDefinition | null = draft.mode && syncModes[draft.mode];
  const isOnlyRequests = chosen?.modes.length === 1 && mode?.triggers === true;
  const offered = facts.object?.deleteBehaviours ?? ['nothing', 'clear', 'delete'];
  return (
    <div className="flex flex-col gap-6">
      {!only && (
        <Field
          label="Object"
          required
          error={problems['configuration.object']}
          help={
            found?.length === 0
              ? 'The destination shows nothing that could be written to. Check its rights.'
              : 'What a row becomes.'
          }
        >
          {(aria) => (
            <Combobox
              {...aria}
              value={draft.object ?? ''}
              placeholder="Choose what to write to…"
              onChange={(id) => {
                const next = found?.find((object) => object.id === id);
                if (next) onChange(changeObject(draft, next.id, next.modes));
              }}
              options={(found ?? []).map((object) => ({
                value: object.id,
                label: object.label,
                disabledReason: object.modes.length === 0 ? 'No mode is possible here' : null,
              }))}
            />
          )}
        </Field>
      )}
      {chosen && !isOnlyRequests && (
        <div className="flex flex-col gap-2">
          <h3 className="font-medium text-ink text-sm">Mode</h3>
          <ModeCards
            modes={chosen.modes}
            value={draft.mode}
            onChange={(next) => onChange({ ...draft, mode: next })}
          />
          {problems['configuration.mode'] && <FieldError>{problems['configuration.mode']}</FieldError>}
        </div>
      )}
      {mode?.operations.removed === 'choice' && (
        <div className="flex flex-col gap-2">
          <h3 className="font-medium text-ink text-sm">When a row leaves the model</h3>
          <RadioCards
            label="When a row leaves the model"
            columns={3}
            value={draft.deleteBehaviour}
            onChange={(deleteBehaviour) => onChange({ ...draft, deleteBehaviour })}
            cards={offered.map((value) => ({ value, ...behaviours[value] }))}
          />
        </div>
      )}
      {mode?.firstRunChoice && (
        <div className="flex flex-col gap-2">
          <h3 className="font-medium text-ink text-sm">The first result</h3>
          <RadioCards
            label="The first result"
            columns={2}
            value={draft.firstRun}
            onChange={(firstRun) => onChange({ ...draft, firstRun })}
            cards={firstRuns}
          />
        </div>
      )}
      {mode?.triggers && (
        <fieldset className="flex flex-col gap-2">
          <legend className="mb-2 font-medium text-ink text-sm">Send for</legend>
          {changeClasses.map((name) => (
            <Checkbox
              key={name}
              checked={draft.triggers.includes(name)}
              onChange={(on) => onChange({ ...draft, ...triggerClass(draft, name, on) })}
              label={
                <span className="inline-flex items-center gap-1.5">
                  <ClassMark name={name} /> rows
                </span>
              }
            />
          ))}
          {problems['configuration.triggers'] && (
            <FieldError>{problems['configuration.triggers']}</FieldError>
          )}
        </fieldset>
      )}
    </div>
  );
}
