'use client';

import { syncModes } from '@sluice/domain/sync-mode';
import { Combobox } from '@sluice/ui/Combobox';
import { FieldError } from '@sluice/ui/Field';
import { ArrowRight, KeyRound } from 'lucide-react';
import type { StepProps } from './step-props.ts';
import { type SyncDraft, withMatchField } from './sync-draft.ts';

function whatItFinds({ mode }: SyncDraft): string {
  const added = mode && syncModes[mode].operations.added;
  if (added === 'event') return 'Whose event it is: the person or record is found by this field.';
  if (added === 'add' || added === 'remove')
    return 'Who the member is: people and records are found by this field.';
  return 'Records are found at the destination by this field, which must be unique there.';
}

/** The match key, pinned above the mappings: by which value a record is found at the destination. */
export function MatchKeyRow({ draft, onChange, queries, problems }: StepProps) {
  const { columns, object } = queries.facts;
  const matchable = object?.fields.filter((field) => field.matchable && !field.readOnly) ?? [];
  const from = problems['configuration.matchKey.from'];
  const to = problems['configuration.matchKey.to'];
  return (
    <section
      aria-label="Match key"
      className="flex flex-col gap-2 rounded-t-lg border-b bg-accent-soft px-3 py-3 sm:px-4"
    >
      <p className="flex items-center gap-1.5 text-muted text-xs">
        <KeyRound aria-hidden="true" className="size-3.5 shrink-0 text-accent" />
        <span>
          <strong className="font-medium text-ink">Match key.</strong> {whatItFinds(draft)}
        </span>
      </p>
      <div className="grid items-center gap-2 sm:grid-cols-[minmax(0,1fr)_1.25rem_minmax(0,1fr)_4.5rem]">
        <Combobox
          aria-label="Column of the match key"
          aria-invalid={Boolean(from) || undefined}
          value={draft.matchKey.from}
          placeholder="Column…"
          disabled={columns === null}
          onChange={(column) => onChange({ ...draft, matchKey: { ...draft.matchKey, from: column } })}
          options={(columns ?? []).map((column) => ({
            value: column.name,
            label: column.name,
            detail: column.type,
          }))}
        />
        <ArrowRight aria-hidden="true" className="hidden size-4 text-faint sm:block" />
        <Combobox
          aria-label="Field of the match key"
          aria-invalid={Boolean(to) || undefined}
          value={draft.matchKey.to}
          placeholder="Unique field…"
          disabled={!object}
          empty="No field of this object is unique. Add a unique constraint, or use the mode Insert."
          onChange={(field) => onChange(withMatchField(draft, field))}
          options={matchable.map((field) => ({
            value: field.name,
            label: field.label,
            detail: field.nativeType,
          }))}
        />
      </div>
      {from && <FieldError>{from}</FieldError>}
      {to && <FieldError>{to}</FieldError>}
      {object && matchable.length === 0 && (
        <FieldError>
          No field of {object.label} is unique. Add a unique constraint there, or choose a mode without a
          match key.
        </FieldError>
      )}
    </section>
  );
}
