'use client';

import type { CreateSequence } from '@sluice/domain/sequence';
import { Button } from '@sluice/ui/Button';
import { Card } from '@sluice/ui/Card';
import { Field } from '@sluice/ui/Field';
import { Input } from '@sluice/ui/Input';
import { SkeletonLines } from '@sluice/ui/Skeleton';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useRef, useState } from 'react';
import type { z } from 'zod';
import { ScheduleFields } from '#features/sync/ScheduleFields.tsx';
import { useTRPC } from '#trpc/client.ts';
import { ErrorCallout } from '#trpc/ErrorCallout.tsx';
import { StepsEditor } from './StepsEditor.tsx';
import { readSequenceDraft, type SequenceDraft } from './sequence-draft.ts';

/** Name, steps and schedule of a sequence, new or not. */
export function SequenceForm({
  initial,
  action,
  disabledReason,
  saving,
  error,
  extra,
  onSave,
}: {
  initial: SequenceDraft;
  /** "Create sequence". */
  action: string;
  disabledReason: string | null;
  saving: boolean;
  error: unknown;
  /** Beside the button. */
  extra?: ReactNode;
  onSave: (input: z.output<typeof CreateSequence>) => void;
}) {
  const trpc = useTRPC();
  const form = useRef<HTMLFormElement>(null);
  const [draft, setDraft] = useState(initial);
  const [submitted, setSubmitted] = useState(false);
  const syncs = useQuery(trpc.sync.list.queryOptions());
  const read = readSequenceDraft(draft);
  const problems = submitted ? (read.problems ?? {}) : {};
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setSubmitted(true);
    if (read.input) onSave(read.input);
    else
      requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
  };
  return (
    <form ref={form} noValidate onSubmit={submit} className="flex flex-col gap-4">
      <Card>
        <div className="max-w-md">
          <Field label="Name" required error={problems.name ?? null}>
            {(aria) => (
              <Input
                {...aria}
                autoComplete="off"
                value={draft.name}
                onChange={(event) => setDraft({ ...draft, name: event.target.value })}
              />
            )}
          </Field>
        </div>
      </Card>
      <Card
        title="Steps"
        description="Each starts when the one before has ended. A sync that is already running is waited for."
      >
        {syncs.error != null && (
          <ErrorCallout
            error={syncs.error}
            title="The syncs could not be loaded."
            onRetry={() => void syncs.refetch()}
          />
        )}
        {syncs.isPending && <SkeletonLines lines={4} />}
        {syncs.data && (
          <StepsEditor
            steps={draft.steps}
            syncs={syncs.data}
            problems={problems}
            onChange={(steps) => setDraft({ ...draft, steps })}
          />
        )}
      </Card>
      <Card
        title="Schedule"
        description="When the sequence runs by itself. Give its syncs no schedule of their own, or they run at those times too."
      >
        <ScheduleFields
          schedule={draft.schedule}
          onChange={(schedule) => setDraft({ ...draft, schedule })}
          problem={read.problems?.schedule}
        />
      </Card>
      <ErrorCallout error={error} title="The sequence was not saved." />
      <div className="flex flex-wrap items-center justify-end gap-2">
        {extra}
        <Button type="submit" variant="primary" loading={saving} disabledReason={disabledReason}>
          {action}
        </Button>
      </div>
    </form>
  );
}
